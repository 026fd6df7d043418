import ArgumentParser
import Orchestration

extension NightPolicy.Overlap: ExpressibleByArgument {}
extension NightPolicy.Interrupted: ExpressibleByArgument {}
