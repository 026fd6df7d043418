/// A dictionary whose keys are strings.
///
/// The coding keys of a dictionary have an integer as well wherever a string looks like one. For these types that
/// integer is not meant: `["7": "x"]` has a field called `"7"` and nothing at index 7.
protocol StringKeyed {}

extension Dictionary: StringKeyed where Key == String {}
