/// What an exit code means, and what carries on.
struct ExitMeaning {
    /// As people read it: one code, or several.
    let codes: String
    let means: String
    /// The command that carries on; `nil` where nothing is to be done.
    let next: String?

    /// All of them.
    static let all: [ExitMeaning] = [
        ExitMeaning(codes: "0", means: "success, or skipped by the script; nothing was found", next: nil),
        ExitMeaning(
            codes: "1",
            means:
                "a job failed, was cancelled or refused, or the script raised; check, plan, test, replay or doctor found "
                + "something",
            next: "baton retry"),
        ExitMeaning(codes: "3", means: "only checks failed", next: "baton retry, or with --done STEP"),
        ExitMeaning(codes: "4", means: "the key was refused", next: "mend the key, baton resume"),
        ExitMeaning(
            codes: "5", means: "the server could not be reached for longer than the patience", next: "baton resume"),
        ExitMeaning(codes: "6", means: "another run is in progress: nothing was started", next: nil),
        ExitMeaning(codes: "7", means: "out of time", next: "baton retry"),
        ExitMeaning(
            codes: "8",
            means:
                "a person must look: a start in doubt, a possible duplicate start, an earlier run whose process died three "
                + "times, or interrupted runs that are too old for resume --all",
            next: "what baton show says"),
        ExitMeaning(
            codes: "9", means: "the journal cannot be trusted, or the script does something else than its log has",
            next: "what the message says"),
        ExitMeaning(codes: "64", means: "wrong usage, configuration or script: nothing was started", next: nil),
        ExitMeaning(
            codes: "71", means: "the process may not open enough files: nothing was started", next: "ulimit -n 1024"),
        ExitMeaning(
            codes: "74", means: "all went well, but standard output could not be written", next: "baton show"),
        ExitMeaning(
            codes: "129, 130, 143", means: "SIGHUP, SIGINT, SIGTERM: the run was left where it was, its jobs go on",
            next: "baton resume"),
    ]
}
