import ArgumentParser

/// Whether a command keeps showing how something stands.
struct WatchOptions: ParsableArguments {
    @Flag(name: .long, help: "Keep showing how it stands.")
    var watch = false

    @Option(name: .long, help: ArgumentHelp("How often --watch looks.", valueName: "seconds"))
    var interval = 2.0

    var period: Duration { .seconds(interval) }

    func validate() throws {
        guard (0.1...3_600).contains(interval) else {
            throw ValidationError("--interval is a number of seconds from 0.1 to 3600")
        }
    }
}
