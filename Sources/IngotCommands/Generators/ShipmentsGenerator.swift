/// Events of shipments as JSON lines: three kinds of records, mixed in one file.
struct ShipmentsGenerator: Generator {
    let name = "shipments"
    let summary = "JSON lines of shipments, tracking events and invoice lines"
    let suffix = "jsonl"

    private static let origins = ["SZX", "HKG", "LAX", "ORD"]
    private static let destinations = ["SEA", "JFK", "SFO", "DFW"]
    private static let carriers = ["UPS", "DHL", "FEDEX"]
    private static let statuses = ["CREATED", "IN_TRANSIT", "OUT_FOR_DELIVERY", "DELIVERED"]

    func text(_ settings: GeneratorSettings, _ draw: inout SeededDraw) -> String {
        var text = ""
        for number in settings.first..<settings.first + settings.count {
            // A record every 40 seconds: about 2,160 a day.
            let time = settings.start.adding(number * 40 + draw.below(40)).iso
            let record = record(number, at: time, &draw)
            text += draw.happens(settings.dirtyShare) ? spoiled(record, &draw) : record
            text += "\n"
        }
        return text
    }

    private func record(_ number: Int, at time: String, _ draw: inout SeededDraw) -> String {
        let shipment = "SHP-\(100_000 + number / 3)"
        switch number % 3 {
        case 0:
            return
                #"{"record_type": "shipments", "shipment_id": "\#(shipment)", "origin": "\#(draw.pick(Self.origins))", "#
                + #""destination": "\#(draw.pick(Self.destinations))", "carrier": "\#(draw.pick(Self.carriers))", "#
                + #""weight_kg": \#(Self.amount(cents: draw.number(10...12_000))), "event_time": "\#(time)"}"#
        case 1:
            return #"{"record_type": "tracking_events", "shipment_id": "\#(shipment)", "#
                + #""status": "\#(draw.pick(Self.statuses))", "city": "\#(draw.pick(Self.destinations))", "#
                + #""event_time": "\#(time)"}"#
        default:
            let quantity = draw.number(1...20)
            let cents = draw.number(100...50_000)
            return #"{"record_type": "invoice_lines", "invoice_id": "INV-\#(500_000 + number / 3)", "#
                + #""sku": "SKU-\#(draw.number(1...200))", "quantity": \#(quantity), "#
                + #""unit_price": \#(Self.amount(cents: cents)), "line_total": \#(Self.amount(cents: quantity * cents)), "#
                + #""event_time": "\#(time)"}"#
        }
    }

    /// A record that is wrong in one of the ways that occur.
    private func spoiled(_ record: String, _ draw: inout SeededDraw) -> String {
        switch draw.below(4) {
        case 0: String(record.dropLast(8))
        case 1: record.replacingFirst("\"record_type\": \"", with: "\"record_type\": \"unknown_")
        case 2: record.replacingFirst("\"event_time\": \"20", with: "\"event_time\": \"soon 20")
        default: record.replacingFirst("_id\": \"", with: "_id\": null, \"was\": \"")
        }
    }

    /// `12.3`, as JSON writes a number.
    private static func amount(cents: Int) -> String {
        let rest = cents % 100
        return rest % 10 == 0 ? "\(cents / 100).\(rest / 10)" : "\(cents / 100).\(rest < 10 ? "0" : "")\(rest)"
    }
}

extension String {
    /// The text with the first occurrence of another replaced.
    func replacingFirst(_ text: String, with other: String) -> String {
        guard let range = firstRange(of: text) else { return self }
        return self[..<range.lowerBound] + other + self[range.upperBound...]
    }
}
