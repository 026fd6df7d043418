import DataStudio
import Foundation
import Journal

/// A message as it is sent: headers and text, RFC 5322 and 2045. It is the same whenever it is made, so that a message that
/// is sent twice can be seen to be one.
struct MailMessage {
    /// Who writes.
    let from: String
    /// Who reads.
    let to: String
    /// Headers, an empty line, and the text; lines end with CR LF, and none begins with a dot.
    let bytes: [UInt8]

    init(_ announcement: Announcement, from: String, to: String, by sender: Sender) {
        self.from = from
        self.to = to
        let text = announcement.story(from: sender) + "\n"
        let encoded = Data(text.utf8).base64EncodedString(options: [
            .lineLength76Characters, .endLineWithCarriageReturn, .endLineWithLineFeed,
        ])
        let story = announcement.text + "\0" + announcement.title + "\0" + announcement.run + "\0" + to
        let id = Journal.hash("\(announcement.at.milliseconds)\0\(story)").prefix(24)
        let headers = [
            "From: \(from)", "To: \(to)", "Subject: \(Self.encoded(announcement.title))",
            "Date: \(Self.date(announcement.at))", "Message-ID: <\(id)@\(Self.domain(sender.host))>",
            "MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: base64",
            // So that no holiday notice answers: RFC 3834.
            "Auto-Submitted: auto-generated", "",
        ]
        bytes = Array((headers + [encoded, ""]).joined(separator: "\r\n").utf8)
    }

    /// A text as a header holds it: RFC 2047. Each word has so few bytes that its line is no longer than 76 characters.
    static func encoded(_ text: String) -> String {
        let isPlain = text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F } && !text.contains("=?")
        guard !isPlain || text.utf8.count > mostPlain else { return text }
        var words: [String] = []
        for scalar in text.unicodeScalars {
            if let last = words.last, last.utf8.count + scalar.utf8.count <= bytesPerWord {
                words[words.count - 1].unicodeScalars.append(scalar)
            } else {
                words.append(String(scalar))
            }
        }
        return words.map { "=?utf-8?B?\(Data($0.utf8).base64EncodedString())?=" }.joined(separator: "\r\n ")
    }

    private static let bytesPerWord = 42
    /// With the header's name in front, the line is no longer than the 78 characters that RFC 5322 recommends.
    private static let mostPlain = 68

    private static func date(_ time: Timestamp) -> String {
        let format = DateFormatter()
        format.locale = Locale(identifier: "en_US_POSIX")
        format.timeZone = TimeZone(identifier: "UTC")
        format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss '+0000'"
        return format.string(from: Date(timeIntervalSince1970: Double(time.milliseconds) / 1000))
    }

    /// A machine's name as it may stand in a message and behind EHLO.
    static func domain(_ host: String) -> String {
        let name = String(
            decoding: host.utf8.filter { byte in
                (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || byte == 45
                    || byte == 46
            }, as: UTF8.self)
        return name.isEmpty ? "localhost" : name
    }
}
