import DataStudio
import Foundation

/// Whom to notify: `notify` of the configuration.
extension ConfigurationLoader {
    func notifications(_ settings: SettingReader) -> NotificationSettings {
        var notifications = NotificationSettings()
        notifications.targets = [webhook(settings), command(settings)].compactMap { $0 }
        for name in settings.files.names(below: ["notify", "targets"]) {
            if let target = target(settings, name) { notifications.targets.append(target) }
        }
        notifications.ping = address(settings, ["notify", "ping"])
        notifications.mail = mail(settings)
        let writes = notifications.targets.contains { if case .mail = $0.way { true } else { false } }
        if writes, settings.files.names(below: ["notify", "smtp"]).isEmpty {
            settings.problems.append(
                "notify.smtp: the mail server is missing: url, as smtps://mail.example.com, and from, an address")
        }
        return notifications
    }

    // MARK: Targets

    private func webhook(_ settings: SettingReader) -> NotificationTarget? {
        let path = ["notify", "webhook"]
        guard let way = webhook(settings, path) else { return nil }
        return NotificationTarget("webhook", way, occasions: occasions(settings, path))
    }

    private func command(_ settings: SettingReader) -> NotificationTarget? {
        let path = ["notify", "command"]
        if settings.text(path + ["run"]) == nil, settings.list(path + ["on"]) != nil {
            settings.problems.append("notify.command: what to run is missing: run")
        }
        guard let way = command(settings, path + ["run"]) else { return nil }
        return NotificationTarget("command", way, occasions: occasions(settings, path))
    }

    /// Without the setting there is none, and each name fits.
    private func patterns(_ settings: SettingReader, _ path: [String]) -> [String] {
        let patterns = settings.list(path)
        if patterns?.isEmpty == true || patterns?.contains("") == true {
            settings.problems.append("\(path.joined(separator: ".")): at least one name was expected, as load-*")
        }
        return patterns ?? []
    }

    private func target(_ settings: SettingReader, _ name: String) -> NotificationTarget? {
        let path = ["notify", "targets", name]
        let setting = path.joined(separator: ".")
        guard !["webhook", "command"].contains(name) else {
            settings.problems.append("\(setting): notify.\(name) has that name; choose another one")
            return nil
        }
        let problems = settings.problems.count
        let ways = [
            mail(settings, path + ["mail"]), webhook(settings, path + ["webhook"]),
            command(settings, path + ["command"]),
        ]
        .compactMap { $0 }
        guard let way = ways.first, ways.count == 1 else {
            if settings.problems.count == problems {
                settings.problems.append("\(setting): one of mail, webhook and command was expected")
            }
            return nil
        }
        var target = NotificationTarget(name, way, occasions: occasions(settings, path))
        target.scripts = patterns(settings, path + ["scripts"])
        target.workflows = patterns(settings, path + ["workflows"])
        return target
    }

    // MARK: Ways

    private func webhook(_ settings: SettingReader, _ path: [String]) -> NotificationTarget.Way? {
        let format = settings.word(path + ["format"], of: WebhookFormat.self) ?? .json
        if let url = address(settings, path) { return .webhook(url: url, format: format) }
        if settings.text(path + ["url"]) == nil, !settings.files.names(below: path).isEmpty {
            settings.problems.append(
                "\(path.joined(separator: ".")): the address is missing: url, url_file, url_env or url_command")
        }
        return nil
    }

    private func command(_ settings: SettingReader, _ path: [String]) -> NotificationTarget.Way? {
        guard let line = settings.text(path) else { return nil }
        let setting = path.joined(separator: ".")
        if let unknown = CommandLineWords.unknownName(in: line) {
            settings.problems.append(
                "\(setting): {\(unknown)} stands for nothing"
                    + Spelling.suggestion(for: unknown, among: Announcement.names))
            return nil
        }
        if let words = CommandLineWords(line) { return .command(words) }
        settings.problems.append(
            "\(setting): a program with its arguments was expected, quotes closed; got \"\(line)\"")
        return nil
    }

    private func mail(_ settings: SettingReader, _ path: [String]) -> NotificationTarget.Way? {
        guard let addresses = settings.list(path) else { return nil }
        let wrong = addresses.first { !MailSettings.isAddress($0) }
        guard wrong == nil, !addresses.isEmpty else {
            settings.problems.append(
                "\(path.joined(separator: ".")): addresses such as ops@example.com were expected; got \"\(wrong ?? "")\""
            )
            return nil
        }
        return .mail(addresses)
    }

    private func address(_ settings: SettingReader, _ path: [String]) -> SecretSource? {
        let kinds = ["url", "url_file", "url_env", "url_command"]
        if settings.nearest(kinds, below: path) == "url", let text = settings.text(path + ["url"]) {
            let url = URL(string: text)
            if let scheme = url?.scheme?.lowercased(), ["http", "https"].contains(scheme), url?.host?.isEmpty == false,
                url?.hasValidPort == true
            {
                return .literal(text)
            }
            // Never the text: it may be as secret as a key.
            settings.problems.append(
                "\(path.joined(separator: ".")).url: an address such as https://example.com/hook was expected")
            return nil
        }
        return settings.secret(path, prefix: "url_", besides: "url")
    }

    private func occasions(_ settings: SettingReader, _ path: [String]) -> Set<Occasion> {
        guard let words = settings.list(path + ["on"]) else { return NotificationSettings.usualOccasions }
        let known = Occasion.allCases.map(\.rawValue)
        return Set(
            words.compactMap { word in
                let occasion = Occasion(rawValue: word)
                if occasion == nil {
                    settings.problems.append(
                        "\(path.joined(separator: ".")).on: \(known.joined(separator: ", ")) were expected; got \"\(word)\""
                            + Spelling.suggestion(for: word, among: known))
                }
                return occasion
            })
    }

    // MARK: The mail server

    private func mail(_ settings: SettingReader) -> MailSettings? {
        let path = ["notify", "smtp"]
        guard !settings.files.names(below: path).isEmpty || settings.text(path + ["url"]) != nil else { return nil }
        let url = settings.text(path + ["url"]).flatMap { URL(string: $0) }
        let scheme = url?.scheme?.lowercased() ?? ""
        guard let url, let host = url.host, !host.isEmpty, ["smtp", "smtps"].contains(scheme), url.hasValidPort,
            url.user == nil, url.path.isEmpty || url.path == "/"
        else {
            // Never the text: somebody may have written a password into it.
            settings.problems.append(
                "notify.smtp.url: the mail server was expected, as smtps://mail.example.com or smtp://mail.example.com:587"
            )
            return nil
        }
        let from = settings.text(path + ["from"]) ?? ""
        if !MailSettings.isAddress(from) {
            settings.problems.append(
                "notify.smtp.from: an address such as baton@example.com was expected; got \"\(from)\"")
        }
        let word = settings.word(path + ["starttls"], of: MailSettings.StartTLS.self)
        let encryption: MailSettings.Encryption =
            switch (scheme, word) {
            case ("smtps", _): .implicit
            case (_, .optional): .optional
            case (_, .off): .off
            case (_, .required), (_, nil): .required
            }
        if scheme == "smtps", word != nil {
            settings.problems.append("notify.smtp.starttls: smtps:// is encrypted from the beginning; leave it out")
        }
        var mail = MailSettings(
            host: host, port: url.port ?? (scheme == "smtps" ? 465 : 587), encryption: encryption, from: from)
        mail.trust.caFile = settings.path(path + ["ca_file"])
        mail.user = settings.text(path + ["user"])
        mail.password = settings.secret(path, prefix: "password_")
        if (mail.user == nil) != (mail.password == nil) {
            settings.problems.append(
                "notify.smtp: user goes with one of password_file, password_env and password_command")
        }
        if mail.user != nil, encryption == .off {
            settings.problems.append("notify.smtp: a password is not sent in clear: leave starttls out, or user")
        }
        return mail
    }
}
