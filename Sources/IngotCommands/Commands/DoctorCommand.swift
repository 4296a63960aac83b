import ArgumentParser
import IngotCore
import IngotLocal
import IngotProject

/// `ingot doctor`.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Check the installation, and the project if there is one.",
        discussion: "Each line says ok, warn or fail, and what to do. The exit status is 1 if anything failed."
    )

    @OptionGroup var global: GlobalOptions

    @Option(name: [.customShort("o"), .long], help: ArgumentHelp("The form of the output.", valueName: "form"))
    var output: OutputFormat = .table

    func run() async throws {
        let console = global.console
        let findings = await Examination(directory: global.directory, environment: global.environment).findings()
        if output == .table {
            let width = findings.map(\.subject.count).max() ?? 0
            for finding in findings {
                let mark = console.styled(finding.verdict.rawValue, Self.style(finding.verdict))
                let blanks = String(repeating: " ", count: 4 - finding.verdict.rawValue.count)
                let subject = finding.subject + String(repeating: " ", count: width - finding.subject.count)
                try console.print("\(mark)\(blanks)  \(subject)  \(PlainText.oneLine(finding.detail))")
                if let advice = finding.advice { try console.print("      try: \(advice)") }
            }
        } else {
            let listing = Listing(
                columns: [.init("verdict"), .init("subject"), .init("detail"), .init("advice")],
                rows: findings.map {
                    [.text($0.verdict.rawValue), .text($0.subject), .text($0.detail), .text($0.advice)]
                },
                emptyMessage: ""
            )
            try listing.write(output, to: console)
        }
        if findings.contains(where: { $0.verdict == .fail }) { throw ExitStatus.failure }
    }

    private static func style(_ verdict: Examination.Verdict) -> Style {
        switch verdict {
        case .ok: .green
        case .warn: .yellow
        case .fail: .red
        }
    }
}
