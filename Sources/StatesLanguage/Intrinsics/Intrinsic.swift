import JSONTree

/// A call of an intrinsic function, such as `States.Format('{} items', $.count)`.
struct Intrinsic: Sendable {
    /// An argument of a call.
    indirect enum Argument: Sendable {
        /// A text in quotes, with its escapes still in it: what they mean depends on the function.
        case text(String)
        /// A number, a boolean or `null`.
        case literal(JSON)
        case path(Path)
        case call(Intrinsic)
    }

    let text: String
    let function: IntrinsicFunction
    let arguments: [Argument]
}

/// The intrinsic functions.
enum IntrinsicFunction: String, Sendable, CaseIterable {
    case array = "Array"
    case arrayContains = "ArrayContains"
    case arrayGetItem = "ArrayGetItem"
    case arrayLength = "ArrayLength"
    case arrayPartition = "ArrayPartition"
    case arrayRange = "ArrayRange"
    case arrayUnique = "ArrayUnique"
    case base64Decode = "Base64Decode"
    case base64Encode = "Base64Encode"
    case format = "Format"
    case hash = "Hash"
    case jsonMerge = "JsonMerge"
    case jsonToString = "JsonToString"
    case mathAdd = "MathAdd"
    case mathRandom = "MathRandom"
    case stringSplit = "StringSplit"
    case stringToJson = "StringToJson"
    case uuid = "UUID"

    /// How many arguments a call has.
    var argumentCounts: ClosedRange<Int> {
        switch self {
        case .uuid: 0...0
        case .arrayLength, .arrayUnique, .base64Decode, .base64Encode, .jsonToString, .stringToJson: 1...1
        case .arrayContains, .arrayGetItem, .arrayPartition, .hash, .mathAdd, .stringSplit: 2...2
        case .arrayRange, .jsonMerge: 3...3
        case .mathRandom: 2...3
        case .array: 0...Int.max
        case .format: 1...Int.max
        }
    }

    /// Whether the function can answer a string, as the paths of a Fail state need.
    var answersString: Bool {
        switch self {
        case .arrayGetItem, .base64Decode, .base64Encode, .format, .hash, .jsonToString, .uuid: true
        default: false
        }
    }
}
