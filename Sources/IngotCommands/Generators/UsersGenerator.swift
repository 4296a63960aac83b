/// Accounts as CSV with CRLF: blanks around values, capitals in addresses.
struct UsersGenerator: Generator {
    let name = "users"
    let summary = "CSV of accounts: id, name, email, create_ts, update_ts"
    let suffix = "csv"

    private static let firstNames = [
        "Ada", "Björn", "Chen", "Dalia", "Émile", "Farah", "Grace", "Hiro", "Inés", "Jonas",
    ]
    private static let lastNames = ["Abara", "Brandt", "Costa", "Dvořák", "Eriksen", "Fukuda", "García", "Haddad"]
    private static let hosts = ["example.com", "example.org", "mail.example.net"]

    func text(_ settings: GeneratorSettings, _ draw: inout SeededDraw) -> String {
        var text = "id,name,email,create_ts,update_ts\r\n"
        for number in settings.first..<settings.first + settings.count {
            let first = draw.pick(Self.firstNames)
            let created = settings.start.adding(number * 60 + draw.below(60))
            let updated = created.adding(draw.below(86_400))
            var fields = [
                "\(number + 1)", "\(first) \(draw.pick(Self.lastNames))",
                " User\(number + 1).\(draw.below(100))@\(draw.pick(Self.hosts)) ", created.iso, updated.iso,
            ]
            if draw.happens(settings.dirtyShare) { spoil(&fields, created, &draw) }
            text += fields.joined(separator: ",") + "\r\n"
        }
        return text
    }

    private func spoil(_ fields: inout [String], _ created: GeneratedTime, _ draw: inout SeededDraw) {
        switch draw.below(4) {
        case 0: fields[0] = ""
        case 1: fields[2] = "not an address"
        case 2: fields[4] = created.adding(-3600).iso
        default: fields[3] = "2026-02-30T00:00:00Z"
        }
    }
}
