import BatonHost
import DataStudio
import Foundation
import Glibc
import JSON
import Journal
import Orchestration

/// The commands of the prompt, which begin with a colon.
struct ReplCommands {
    private let repl: Repl
    private let session: LiveSession
    private let place: ReplPlace
    private var renderer: ReplRenderer { repl.renderer }

    /// Each with what it takes and does, in the order of `:help`.
    static let all: [(name: String, usage: String, text: String)] = [
        (":help", ":help [NAME]", "this list, or what a function or an option is"),
        (":jobs", ":jobs", "the jobs of this session that are not over"),
        (":tasks", ":tasks", "the tasks of spawn that are not over"),
        (":wait", ":wait ID", "waits for the job of that id, whoever started it"),
        (":workflows", ":workflows [TEXT]", "the workflows of the server, or those whose labels have the text"),
        (":history", ":history NAME", "how long the last jobs of a workflow took"),
        (":server", ":server [NAME]", "the servers, or the server to use from here on"),
        (":save", ":save FILE", "what went well so far, as a script; :save! replaces a file"),
        (":load", ":load FILE", "runs a script here"),
        (":quit", ":quit", "ends the session; so does Ctrl-D"),
    ]

    /// What can be typed.
    static var names: [String] { all.map(\.name) + [":save!"] }

    init(_ repl: Repl, _ session: LiveSession, _ place: ReplPlace) {
        self.repl = repl
        self.session = session
        self.place = place
    }

    /// Runs a command.
    ///
    /// - Returns: its exit code; `nil` if it ends the session.
    func run(_ line: String) async -> Int32? {
        let parts = line.split(separator: " ", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
        let argument = parts.count > 1 && !parts[1].isEmpty ? parts[1] : nil
        switch (parts.first ?? "", argument) {
        case (":help", let name): return help(name)
        case (":jobs", nil): return list(Self.lines(of: renderer.open), none: "no job of this session runs")
        case (":tasks", nil): return await tasks()
        case (":wait", let id?) where !id.contains(" "): return await wait(id)
        case (":workflows", let part): return await workflows(part)
        case (":history", let name?): return history(name)
        case (":server", let name): return await server(name)
        case (":save", let file?): return save(file, replaces: false)
        case (":save!", let file?): return save(file, replaces: true)
        case (":load", let file?): return await load(file)
        case (":quit", nil):
            return await repl.leave(session, place, isInteractive: renderer.isInteractive) ? nil : 0
        case (let name, _):
            guard let known = Self.all.first(where: { $0.name == name }) else {
                return complain(
                    "there is no command \(name)" + Spelling.suggestion(for: name, among: Self.names)
                        + "; :help lists them")
            }
            return complain("it is written \(known.usage)")
        }
    }

    private func complain(_ text: String) -> Int32 {
        renderer.complain(text)
        return 64
    }

    private func list(_ lines: [String], none: String) -> Int32 {
        renderer.put(lines: lines.isEmpty ? [none] : lines)
        return 0
    }

    // MARK: What goes on

    /// Steps that go on, a line each.
    static func lines(of rows: [RunTree.Row]) -> [String] {
        let width = rows.map { $0.step.title.columns }.max() ?? 0
        return rows.map { row in
            let job = row.jobID.map { "job \($0)" } ?? "no job yet"
            let time = (.now - (row.started ?? row.began)).short
            let place = row.step.location.map { "  \($0)" } ?? ""
            return "\(row.step.title.padded(to: width))  \(row.word)  \(time)  \(job)\(place)".visible
        }
    }

    private func tasks() async -> Int32 {
        let tasks = await session.look { $0.openTasks.map { ($0.name, $0.location) } } ?? []
        return list(tasks.map { name, place in name + (place.map { "  \($0)" } ?? "") }, none: "no task runs")
    }

    /// As if it had been typed, so that Ctrl-C ends it and what comes of it is told as ever.
    private func wait(_ id: String) async -> Int32? {
        guard let end = await repl.enter("wait { job_id = \(JSON.string(id).jsonText) }", session) else { return nil }
        return end.exitCode ?? 0
    }

    private func workflows(_ part: String?) async -> Int32 {
        let name = repl.change { $0.server } ?? place.server
        guard let client = place.clients.usable[name] else {
            return complain(
                "the server \(name) cannot be used: \(place.clients.unusable[name] ?? "it is not configured")")
        }
        guard let all = (try? await OnlinePreflight.workflows(client)) ?? nil else {
            return complain("\(client.identity.url) cannot be asked for its workflows")
        }
        let found = all.filter { workflow in
            part.map { workflow.label.localizedCaseInsensitiveContains($0) } ?? true
        }.sorted { $0.label < $1.label }
        let width = found.map { $0.label.columns }.max() ?? 0
        let lines = found.map { workflow in
            let name = workflow.name.flatMap { $0 == workflow.label ? nil : $0 }
            let more = [name, workflow.space].compactMap { $0 }.joined(separator: ", ")
            return "\(more.isEmpty ? workflow.label : workflow.label.padded(to: width) + "  " + more)".visible
        }
        return list(lines, none: part.map { "no workflow has \($0) in its label" } ?? "the server has no workflows")
    }

    private func history(_ name: String) -> Int32 {
        let steps = (try? place.keeper.journal.durations(title: name)) ?? []
        let lines = steps.map { step in
            "\(step.started.localDate)  \(step.state.rawValue.padded(to: 9))  \(step.duration.short)"
        }
        return list(lines, none: "no job of \(name) is known yet")
    }

    // MARK: Help

    private func help(_ name: String?) -> Int32 {
        let columns = Terminal.of(STDOUT_FILENO).columns
        guard let name else {
            let width = Self.all.map(\.usage.count).max() ?? 0
            renderer.put(lines: Self.all.map { "\($0.usage.padded(to: width))  \($0.text)" })
            renderer.put(lines: [
                "", "What is typed is Lua, with the functions of Baton's scripts; :help NAME explains one:",
            ])
            renderer.put(lines: LibraryReference.functions.map(\.name).joined(separator: " ").wrapped(to: columns))
            renderer.put(lines: [
                "", "_ is the last value, or what runs on of the last line.",
                "Ctrl-C ends a wait and leaves its jobs running. Tab completes.",
            ])
            return 0
        }
        if let command = Self.all.first(where: { $0.name == name || $0.name == ":" + name }),
            LibraryReference.entries(name).isEmpty
        {
            renderer.put(lines: ["\(command.usage)  \(command.text)"])
            return 0
        }
        let entries = LibraryReference.entries(name)
        guard !entries.isEmpty else {
            return complain(
                "nothing is known of \(name)" + Spelling.suggestion(for: name, among: LibraryReference.names))
        }
        for entry in entries { renderer.put(lines: [entry.usage] + ("  " + entry.text).wrapped(to: columns)) }
        return 0
    }

    // MARK: Servers

    private func server(_ name: String?) async -> Int32 {
        let current = repl.change { $0.server } ?? place.server
        guard let name else {
            return list(place.servers.map { ($0 == current ? "* " : "  ") + place.words(of: $0) }, none: "")
        }
        guard place.servers.contains(name) else {
            let why = place.clients.unusable[name].map { "the server \(name) cannot be used: \($0)" }
            return complain(
                why ?? "the server \(name) is not configured" + Spelling.suggestion(for: name, among: place.servers))
        }
        guard await session.look({ $0.knows(server: name) }) == true else {
            return complain("the session does not know the server \(name): begin another")
        }
        session.use(server: name)
        let isKnown = repl.change { state in
            state.server = name
            state.transcript.use(server: name)
            return state.labels[name] != nil
        }
        if !isKnown { repl.fetchLabels(of: name, place) }
        renderer.put(lines: ["from here on: \(place.words(of: name))"])
        return 0
    }

    // MARK: Files

    private func save(_ file: String, replaces: Bool) -> Int32 {
        let path = URL(fileURLWithPath: file).standardizedFileURL.path
        let (script, isOwn) = repl.change {
            ($0.transcript.isEmpty ? nil : $0.transcript.script, $0.saved.contains(path))
        }
        guard let script else { return complain("nothing went well yet that could be saved") }
        guard replaces || isOwn || !FileManager.default.fileExists(atPath: path) else {
            return complain("\(file) is there already: :save! \(file) replaces it")
        }
        do {
            try OutputFile.write(script, to: path)
        } catch {
            return complain("\(file) could not be written: \(error.localizedDescription)")
        }
        repl.change { state in _ = state.saved.insert(path) }
        let count = script.split(separator: "\n").count
        renderer.put(lines: ["\(count) \(count == 1 ? "line" : "lines") in \(file); to run it: baton run \(file)"])
        return 0
    }

    private func load(_ file: String) async -> Int32? {
        let script: ScriptFile
        do {
            script = try ScriptFile(file)
        } catch {
            return complain(error.lines.joined(separator: "\n"))
        }
        switch SessionInput(script.text) {
        case .empty: return 0
        case .unfinished: return complain(ReplError.unfinished(script.text).text)
        case .invalid(let error): return complain("\(file): " + error.words(in: script.text))
        case .complete:
            guard let end = await repl.enter(script.text, session) else { return nil }
            return end.exitCode ?? 0
        }
    }
}
