extension ErrorCode {
    /// A namespace does not exist.
    public static let namespaceMissing = ErrorCode(
        701,
        "the namespace does not exist",
        cause: "A namespace is to be made within another one that does not exist, or was dropped meanwhile.",
        nextStep: "Create the namespace around it first."
    )
    /// The catalog cannot be served on the address.
    public static let catalogUnavailable = ErrorCode(
        702,
        "the catalog cannot be served",
        cause: "The port is taken by another program, or the address is not one of this machine's.",
        nextStep: "Choose another port with --port, or any free one with --port 0."
    )
    /// The catalog would be open to other machines without a token.
    public static let catalogTokenNeeded = ErrorCode(
        703,
        "the catalog needs a token",
        cause: "Other machines can reach the address, and the catalog would let them change every table.",
        nextStep: "Give --token, or serve on 127.0.0.1 by leaving out --host."
    )

    /// The numbers of this file, in order.
    static let catalog: [ErrorCode] = [namespaceMissing, catalogUnavailable, catalogTokenNeeded]
}
