import Foundation
import IngotEngine
import JSONTree

/// How the body of a request becomes the text of a form, as `Transform` of an `http:invoke` says.
struct FormEncoding {
    /// How the elements of an array are written.
    private enum ArrayFormat: String {
        case indices = "INDICES"
        case repeated = "REPEAT"
        case commas = "COMMAS"
        case brackets = "BRACKETS"
        case none = "NONE"
    }

    private let arrays: ArrayFormat

    /// Reads a `Transform`; nil where it asks for no form.
    ///
    /// - Throws: `TaskFailure` where it asks for something unknown.
    init?(transform: JSON) throws {
        let encoding = transform["RequestBodyEncoding"]?.stringValue
        guard encoding != nil, encoding != "NONE" else { return nil }
        let name = transform["RequestEncodingOptions"]?["ArrayFormat"]?.stringValue ?? ArrayFormat.indices.rawValue
        guard encoding == "URL_ENCODED", let arrays = ArrayFormat(rawValue: name) else {
            throw Self.failure("The Transform \(transform.text()) is not known")
        }
        self.arrays = arrays
    }

    /// An object as the text of a form.
    ///
    /// - Throws: `TaskFailure` if it is no object.
    func text(of body: JSON) throws -> String {
        guard let members = body.objectValue else { throw Self.failure("The RequestBody of a form is no object") }
        return members.flatMap { pairs($0.key, $0.value) }.map { "\(Self.escaped($0))=\(Self.escaped($1))" }
            .joined(separator: "&")
    }

    private func pairs(_ name: String, _ value: JSON) -> [(String, String)] {
        switch value {
        case .array(let elements):
            switch arrays {
            case .indices: elements.enumerated().flatMap { pairs("\(name)[\($0)]", $1) }
            case .repeated: elements.flatMap { pairs(name, $0) }
            case .brackets: elements.flatMap { pairs("\(name)[]", $0) }
            case .commas: [(name, elements.map(Self.plain).joined(separator: ","))]
            case .none: [(name, value.text())]
            }
        case .object(let members): members.flatMap { pairs("\(name)[\($0.key)]", $0.value) }
        default: [(name, Self.plain(value))]
        }
    }

    private static func plain(_ value: JSON) -> String {
        value.stringValue ?? (value == .null ? "" : value.text())
    }

    /// What a form may hold as it is; a space is a plus sign.
    private static let unescaped = CharacterSet(
        charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._* "
    )

    private static func escaped(_ text: String) -> String {
        (text.addingPercentEncoding(withAllowedCharacters: unescaped) ?? "").replacingOccurrences(of: " ", with: "+")
    }

    private static func failure(_ cause: String) -> TaskFailure {
        TaskFailure(error: "Ingot.UnsupportedParameter", cause: cause)
    }
}
