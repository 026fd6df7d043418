import DataStudio
package import JSON

/// The form of a server's profile in the journal.
extension ServerProfile {
    /// As it is kept.
    package var payload: JSON {
        .record([
            "offsetFrom": clock.offset.map { .integer($0.lowerBound.milliseconds) },
            "offsetTo": clock.offset.map { .integer($0.upperBound.milliseconds) },
            "samples": clock.samples == 0 ? nil : .integer(Int64(clock.samples)),
            "many": clock.isMany ? true : nil,
            "order": order == .unknown ? nil : .string(order.rawValue),
            "lag": lag == .zero ? nil : .integer(lag.milliseconds),
            "lagSamples": lagSamples == 0 ? nil : .integer(Int64(lagSamples)),
            "users": users.isEmpty ? nil : Answer.record(users),
            "labels": showsLabels ? true : nil,
            "echoes": echoes.isEmpty ? nil : .array(echoes.map { .string($0) }),
            "newest": newest?.payload,
            "restored": restored?.payload,
        ])
    }

    /// Reads what ``payload`` wrote; what cannot be read is not known.
    package init(payload: JSON) {
        self.init()
        func number(_ name: String) -> Int64? {
            if case .integer(let number)? = payload[name] { number } else { nil }
        }
        var offset: ClosedRange<Duration>?
        if let from = number("offsetFrom"), let to = number("offsetTo"), from <= to {
            offset = .milliseconds(from) ... .milliseconds(to)
        }
        clock = StampClock(
            offset: offset, samples: Int(clamping: number("samples") ?? 0), isMany: payload["many"] == true)
        order = payload["order"]?.text.flatMap { ListOrder(rawValue: $0) } ?? .unknown
        lag = .milliseconds(max(0, number("lag") ?? 0))
        lagSamples = Int(clamping: number("lagSamples") ?? 0)
        users = Answer.texts(payload["users"])
        showsLabels = payload["labels"] == true
        echoes = payload["echoes"]?.elements?.compactMap(\.text) ?? []
        newest = payload["newest"].flatMap { try? JobIdentity(payload: $0) }
        restored = payload["restored"].flatMap { try? JobIdentity(payload: $0) }
    }
}
