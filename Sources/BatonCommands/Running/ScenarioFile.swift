import Foundation
import SimulatedStudio

/// Reads scenarios for commands.
enum ScenarioFile {
    /// - Parameter path: `nil` for the scenario that accepts every label.
    /// - Throws: ``Refusal`` with everything that is wrong with the file.
    static func read(_ path: String?) throws -> Scenario {
        guard let path else { return .anything }
        let text: String
        do {
            text = try String(contentsOfFile: path, encoding: .utf8)
        } catch {
            throw Refusal("The scenario \(path) cannot be read.")
        }
        do {
            return try Scenario(yaml: text)
        } catch {
            throw Refusal("The scenario \(path) cannot be used:", "\(error)")
        }
    }
}
