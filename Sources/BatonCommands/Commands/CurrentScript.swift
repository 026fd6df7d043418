import ArgumentParser

/// The options that go on with a run by the script as it is now.
struct CurrentScript: ParsableArguments {
    @Flag(
        name: .customLong("with-current-script"),
        help: """
            Go on with the script as it is now. Steps count as long as it asks for the same workflows with the same parameters \
            in the same order; what counts no more is listed.
            """)
    var isWanted = false

    @Flag(help: "Go on although steps count no more that were done, or something may be sent again.")
    var yes = false
}
