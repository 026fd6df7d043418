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

    /// When a list says that a job was created, as a reader understands it that takes a time without a zone for UTC.
    ///
    /// This is what the server tells, truncated as in a list; the true instant is `created` of ``jobs(at:)``.
    ///
    /// - Parameter job: of several jobs with that id, the newest one that the server knows.
    /// - Returns: `nil` if there is no such job at that time, or if the API description has no place for the stamp.
    package func stamp(of job: JobID, at now: Timestamp) -> Timestamp? {
        guard description.job.created != nil, let index = jobIndex[job.text], jobs[index].created <= now else {
            return nil
        }
        return Timestamp(writer.listStamp(of: jobs[index]))
    }

    /// When questions about jobs may first be answered otherwise than now, if nobody starts or cancels anything: now if
    /// something goes wrong with them at present; `nil` if never.
    package func nextNews(after now: Timestamp) -> Timestamp? {
        let age = now - began
        var edges = jobs.compactMap { $0.nextChange(after: now, listLag: scenario.listLag) }
        for fault in scenario.faults where fault.operation.map({ $0 == .listJobs || $0 == .getJob }) ?? true {
            if fault.isActive(at: age) { return now }
            if fault.from > age { edges.append(began + fault.from) }
        }
        return edges.min()
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
