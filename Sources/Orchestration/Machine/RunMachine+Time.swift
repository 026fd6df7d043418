import DataStudio
import LuaVM

/// The time in the zone of the run.
extension RunMachine {
    /// Parsed once in a process.
    private static let program = Result {
        try LuaProgram(String(decoding: PackageResources.time_lua, as: UTF8.self), name: "=baton/time")
    }

    private static let dates = Result {
        try LuaProgram(String(decoding: PackageResources.date_lua, as: UTF8.self), name: "=baton/date")
    }

    /// Registers what `os.time` and `os.date` are made of, and runs the part of them that is written in Lua.
    func installTime() throws {
        let zone = configuration.zone
        vm.register("host.local_time") { call in
            guard let instant = call.argument(0).integer else { return [] }
            let offset = call.argument(1).isTrue ? .universal : zone.offset(at: instant)
            guard let time = CivilTime(instant, offset) else { return [] }
            return [
                .integer(time.year), .integer(time.month), .integer(time.day), .integer(time.hour),
                .integer(time.minute), .integer(time.second), .integer(time.weekday), .integer(time.dayOfYear),
                .boolean(offset.isSummer), .integer(offset.seconds), .string(offset.abbreviation),
            ]
        }
        vm.register("host.instant") { call in
            let numbers = (0..<6).map { call.argument($0).integer ?? 0 }
            let isSummer = call.argument(6)
            // Seconds beyond a minute pass after the minute is found, as in C: they are no time of the clock.
            let second = min(max(numbers[5], 0), 59)
            let local = CivilTime.seconds(
                year: numbers[0], month: numbers[1], day: numbers[2], hour: numbers[3], minute: numbers[4],
                second: second)
            let instant = zone.instant(ofLocal: local, isSummer: isSummer.isNil ? nil : isSummer.isTrue)
            let result = instant + numbers[5] - second
            return CivilTime(result, zone.offset(at: result)) == nil ? [] : [.integer(result)]
        }
        let calendars = configuration.beginning.calendars
        vm.register("host.calendar") { call in
            guard let calendar = call.argument(0).text.flatMap({ calendars[$0] }) else { return [] }
            return [
                .table(LuaTable(list: calendar.days.map { .string($0) })),
                .table(LuaTable(list: calendar.weekend.map { .integer(Int64($0)) })),
            ]
        }
        vm.register("host.day") { call in
            let numbers = (0..<3).map { call.argument($0).integer ?? 0 }
            let seconds = CivilTime.seconds(year: numbers[0], month: numbers[1], day: numbers[2])
            return [.integer(seconds / 86_400)]
        }
        try runLibrary(try Self.program.get())
        try runLibrary(try Self.dates.get())
    }
}

extension CivilTime {
    /// `nil` for a time that C's `struct tm` cannot hold: scripts get the same there as from Lua's own functions.
    fileprivate init?(_ instant: Int64, _ offset: ZoneOffset) {
        let (local, overflows) = instant.addingReportingOverflow(offset.seconds)
        guard !overflows else { return nil }
        self.init(seconds: local)
        guard (Self.leastYear...Self.leastYear + 0xffff_ffff).contains(year) else { return nil }
    }

    /// Years are an `int` that counts from 1900.
    private static let leastYear: Int64 = 1900 - 0x8000_0000
}
