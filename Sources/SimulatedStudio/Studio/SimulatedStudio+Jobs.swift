package import DataStudio
package import JSON

extension SimulatedStudio {
    /// All jobs as they are at a time, oldest first; `details` is what the server would send.
    package func jobs(at now: Timestamp) -> [Job] {
        jobs.map { job in
            let state = job.state(at: now)
            return Job(
                id: job.id, label: job.label, state: state, stateName: writer.stateName(state), created: job.created,
                started: job.started(at: now), finished: job.finished(at: now), message: job.message(at: now),
                details: json(job, at: now))
        }
    }

    /// One record for each job as it is at a time, oldest first.
    ///
    /// `event` is `job`; `created`, `started` and `finished` are ISO 8601 or null; `state` is our name and not the
    /// server's.
    package func jobLog(at now: Timestamp) -> [JSON] {
        jobs.map { job in
            func time(_ time: Timestamp?) -> JSON { time.map { .string($0.iso8601) } ?? .null }
            return .record([
                "event": "job",
                "id": job.wireID,
                "label": .string(job.label),
                "parameters": job.parameters.isEmpty ? nil : .object(job.parameters),
                "created": time(job.created),
                "started": time(job.started(at: now)),
                "finished": time(job.finished(at: now)),
                "state": .string(job.state(at: now).rawValue),
            ])
        }
    }
}
