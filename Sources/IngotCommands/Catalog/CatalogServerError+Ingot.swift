import IngotCore
import IngotServer

extension CatalogServerError {
    /// The error as users read it: a server could not listen.
    var ingotError: IngotError {
        IngotError(
            .catalogUnavailable,
            message,
            hint: "--port 0, or --host with an address of this machine",
            cause: cause
        )
    }
}
