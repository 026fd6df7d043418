import LuaVM

/// The options of steps that a configuration may have for all of them.
package enum StepDefaults {
    /// Their names, as scripts write them.
    package static var names: [String] { StepOptions.configurableNames }

    /// What is wrong with them; `nil` if nothing is.
    package static func problem(in texts: [String: String]) -> String? {
        guard !texts.isEmpty, let vm = try? LuaVM() else { return nil }
        do throws(ArgumentError) {
            _ = try StepOptions(texts: texts, vm)
            return nil
        } catch {
            return error.message
        }
    }
}
