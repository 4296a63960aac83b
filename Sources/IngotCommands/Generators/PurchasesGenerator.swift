/// Purchases of customers as CSV.
struct PurchasesGenerator: Generator {
    let name = "customer-purchases"
    let summary = "CSV of purchases: customer, address, purchase, date, amount, currency"
    let suffix = "csv"

    private static let names = [("Mia", "Nolan"), ("Oscar", "Pereira"), ("Quinn", "Rossi"), ("Sara", "Tanaka")]

    func text(_ settings: GeneratorSettings, _ draw: inout SeededDraw) -> String {
        var text = "customer_id,first_name,last_name,email,purchase_id,purchase_date,amount,currency\n"
        for number in settings.first..<settings.first + settings.count {
            let customer = draw.number(1...max(1, settings.count / 5))
            let (first, last) = Self.names[customer % Self.names.count]
            let cents = draw.number(100...100_000)
            let rest = cents % 100
            var fields = [
                "\(100 + customer)", first, last, "customer\(customer)@example.com", "\(number + 1)",
                settings.start.adding(number * 300).day, "\(cents / 100).\(rest < 10 ? "0" : "")\(rest)", "USD",
            ]
            if draw.happens(settings.dirtyShare) { spoil(&fields, &draw) }
            text += fields.joined(separator: ",") + "\n"
        }
        return text
    }

    private func spoil(_ fields: inout [String], _ draw: inout SeededDraw) {
        switch draw.below(5) {
        case 0: fields[0] = "-\(fields[0])"
        case 1: fields[6] = "-\(fields[6])"
        case 2: fields[5] = "2026-13-01"
        case 3: fields[3] = "nobody"
        default: fields[7] = "XXX"
        }
    }
}
