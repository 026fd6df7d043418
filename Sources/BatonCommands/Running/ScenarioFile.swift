import DataStudio
import Foundation
import SimulatedStudio

/// A scenario with the files it names.
struct ScenarioFile {
    let scenario: Scenario
    /// What the simulated server speaks.
    let description: APIDescription
    /// What it publishes in the place of its own document.
    let document: PublishedDocument?

    /// Reads a scenario.
    ///
    /// - Parameter path: `nil` for the scenario that accepts every label.
    /// - Throws: ``Refusal`` with everything that is wrong with the files.
    static func read(_ path: String?) throws -> ScenarioFile {
        guard let path else {
            return ScenarioFile(
                scenario: .anything, description: try SimulatedStudio.description(for: .anything), document: nil)
        }
        let scenario = try parse(path, "scenario") { try Scenario(yaml: $0) }
        func beside(_ name: String) -> String {
            URL(fileURLWithPath: name, relativeTo: URL(fileURLWithPath: path)).path
        }
        return ScenarioFile(
            scenario: scenario,
            description: try scenario.api.map { file in
                try parse(beside(file), "API description") { try APIDescription(yaml: $0) }
            } ?? SimulatedStudio.description(for: scenario),
            document: try scenario.openAPI.map { file in
                try parse(beside(file), "OpenAPI document") {
                    PublishedDocument(path: scenario.openAPIPath, text: $0)
                }
            })
    }

    private static func parse<Value>(_ path: String, _ what: String, _ read: (String) throws -> Value) throws -> Value {
        let text: String
        do {
            text = try String(contentsOfFile: path, encoding: .utf8)
        } catch {
            throw Refusal("The \(what) \(path) cannot be read.")
        }
        do {
            return try read(text)
        } catch {
            throw Refusal("The \(what) \(path) cannot be used:", "\(error)")
        }
    }
}
