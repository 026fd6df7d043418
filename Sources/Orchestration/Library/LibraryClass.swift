/// A table that scripts get from the library, by its fields.
package struct LibraryClass: Hashable, Sendable {
    /// A field of it.
    package struct Field: Hashable, Sendable {
        /// As scripts read it.
        package let name: String
        /// As the Lua language server has it; one that may be absent ends in `?`.
        package let type: String
        /// What it holds.
        package let text: String
    }

    /// As the Lua language server has it: `baton.Result`.
    package let name: String
    /// What it is.
    package let text: String
    /// In the order in which people read them.
    package let fields: [Field]

    private init(_ name: String, _ text: String, _ fields: [(String, String, String)]) {
        self.name = name
        self.text = text
        self.fields = fields.map { Field(name: $0, type: $1, text: $2) }
    }

    /// All of them.
    package static let all: [LibraryClass] = [
        LibraryClass(
            "baton.Result", "What a step came to.",
            [
                ("label", "string", "the workflow's label"), ("job_id", "string", "the job's id"),
                ("state", "baton.State", "COMPLETED"), ("started", "integer", "seconds since 1970"),
                ("finished", "integer", "seconds since 1970"), ("duration", "number", "seconds"),
                ("attempts", "integer", "how often it was started, from 1"),
                ("warnings", "string[]", "what is no failure, and should be known"),
                ("late", "boolean", "true if it took longer than max"),
                ("details", "table", "the job in the server's own words"),
            ]),
        LibraryClass(
            "baton.Job", "A job that start has begun.",
            [
                ("label", "string", "the workflow's label"), ("name", "string", "the step's name"),
                ("job_id", "string", "the job's id"),
            ]),
        LibraryClass(
            "baton.Task", "A function that spawn runs beside the caller.", [("name", "string", "its place in the run")]),
        LibraryClass("baton.Chain", "Items one after the other, which are still to be run.", []),
        LibraryClass(
            "baton.JobDetails", "A job as the server tells it, whoever started it.",
            [
                ("label", "string?", "the workflow's label"), ("job_id", "string", "the job's id"),
                ("server", "string?", "its name in the configuration; nil for the run's own"),
                ("created", "integer?", "seconds since 1970"),
                ("state", "baton.State", "its state"), ("started", "integer?", "seconds since 1970"),
                ("finished", "integer?", "seconds since 1970"),
                ("details", "table", "the job in the server's own words"),
            ]),
        LibraryClass(
            "baton.Decision", "What a person has decided.",
            [
                ("by", "string", "who decided"), ("at", "integer", "seconds since 1970"),
                ("reason", "string?", "why, if it was said"),
            ]),
        LibraryClass(
            "baton.PastRun", "Another run of the journal.",
            [
                ("id", "string", "the run's id"), ("script", "string", "its script's name"),
                ("path", "string", "its script's path"), ("key", "string?", "what --key gave"),
                ("date", "string", "the date that it is for"), ("began", "integer", "seconds since 1970"),
                ("ended", "integer?", "seconds since 1970"), ("state", "string", "as baton runs has it"),
                ("params", "table", "what --param gave"),
            ]),
        LibraryClass(
            "baton.PastStep", "A step of an earlier run.",
            [
                ("started", "integer", "seconds since 1970"), ("duration", "number", "seconds"),
                ("state", "baton.State", "how its job ended"),
            ]),
        LibraryClass(
            "baton.Workflow", "A workflow of the server.",
            [
                ("label", "string", "its external label"), ("name", "string?", "its name"),
                ("space", "string?", "the space it lies in"), ("details", "table", "in the server's own words"),
            ]),
        LibraryClass(
            "baton.Space", "A space of the server.",
            [
                ("label", "string", "its external label"), ("name", "string?", "its name"),
                ("details", "table", "in the server's own words"),
            ]),
        LibraryClass(
            "baton.Dataset", "A dataset of the server.",
            [
                ("label", "string", "its external label"), ("state", "baton.State?", "in the words of jobs"),
                ("refreshed", "integer?", "seconds since 1970"), ("details", "table", "in the server's own words"),
            ]),
        LibraryClass(
            "baton.Reply", "What another server answered.",
            [
                ("status", "integer", "as 200"), ("headers", "table<string, string>", "names in lower case"),
                ("body", "string", "as it came"),
            ]),
        LibraryClass(
            "baton.FileStatus", "What lies at a path.",
            [("size", "integer", "bytes"), ("modified", "integer", "seconds since 1970")]),
        LibraryClass(
            "baton.FoundFile", "A file that file.list has found.",
            [
                ("path", "string", "from the root on"), ("name", "string", "the last name of the path"),
                ("size", "integer", "bytes"), ("modified", "integer", "seconds since 1970"),
            ]),
        LibraryClass(
            "baton.Run", "What the run is.",
            [
                ("id", "string", "its id in the journal"), ("name", "string", "the script's name without .lua"),
                ("script", "string", "as nightly.lua"), ("started", "integer", "seconds since 1970"),
                ("date", "string", "of the day on which it began, as 2026-12-25"),
                ("server", "string?", "the server's name in the configuration"),
            ]),
        LibraryClass(
            "baton.Server", "Another configured server.",
            [
                ("name", "string", "as the configuration has it"),
                (
                    "execute", "fun(label: string|baton.Step, options?: baton.StepOptions): baton.Result",
                    "as execute, there"
                ),
                (
                    "start", "fun(label: string|baton.StartStep, options?: baton.StartOptions): baton.Job",
                    "as start, there"
                ),
                (
                    "state", "fun(label: string|baton.Job): baton.State?, baton.JobDetails?", "as state, there"
                ),
                ("studio", "table", "as studio, there"),
            ]),
        LibraryClass(
            "baton.Error", "What the library raises.",
            [
                ("kind", "baton.Kind", "what went wrong"), ("message", "string", "in words, without the place"),
                ("label", "string?", "the workflow's label"), ("job_id", "string?", "the job's id"),
                ("running", "boolean|\"unknown\"", "whether the job may still run"),
                ("state", "baton.State?", "the job's state"),
                ("where", "string?", "the script's line, as nightly.lua:12"), ("traceback", "string", "the stack"),
                ("causes", "baton.Error[]?", "the failures that it joins"),
                ("result", "baton.Result?", "if its job came to an end"),
                ("results", "table?", "of parallel: what its items came to"),
                ("index", "integer?", "of wait_any: the position of the handle that failed"),
            ]),
    ]
}
