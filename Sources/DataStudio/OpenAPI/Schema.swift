import JSON

/// What a document says of the form of a value, with its references followed.
struct Schema: Sendable {
    enum Kind: Sendable {
        case object, array, string, integer, number, boolean, unknown
    }

    var kind = Kind.unknown
    /// The last name it was referred to by.
    var name: String?
    var format: String?
    /// The words a text may be, if they are listed; of very many the first.
    private(set) var words: [String] = []
    /// The states of jobs among them.
    private(set) var states: Set<JobState> = []
    private(set) var properties: [Property] = []
    /// Names of properties that have to be there.
    var required: Set<String> = []
    /// Of an array; none or one.
    var items: [Schema] = []
    var defaultValue: JSON?
    var example: JSON?
    var minimum: Int64?
    var maximum: Int64?
    var text = ""

    /// Those of `words` and of `properties`.
    private var knownWords: [String: JobState?] = [:]
    private var names: Set<String> = []

    /// One member of an object.
    struct Property: Sendable {
        let name: String
        /// The words of its name.
        let words: [String]
        let schema: Schema
    }

    /// No list of states has more words.
    static let mostWords = 1_000

    /// Adds a word that a text may be, and the state that it names, unless it is there.
    mutating func add(word: String, _ state: JobState?) {
        guard words.count < Self.mostWords, knownWords.updateValue(state, forKey: word) == nil else { return }
        words.append(word)
        if let state { states.insert(state) }
    }

    /// Adds the words of another one.
    mutating func addWords(of other: Schema) {
        for word in other.words { add(word: word, other.knownWords[word] ?? nil) }
    }

    /// Adds a property unless there is one of its name.
    mutating func add(_ property: Property) {
        if names.insert(property.name).inserted { properties.append(property) }
    }

    var isScalar: Bool {
        switch kind {
        case .string, .integer, .number: true
        case .object, .array, .boolean, .unknown: false
        }
    }

    /// True for what can be an instant: a text or number that says so, or does not say otherwise.
    var canBeTime: Bool {
        switch kind {
        case .string: words.isEmpty && (format == nil || format == "date-time" || format == "date")
        case .integer, .number: true
        case .unknown: true
        case .object, .array, .boolean: false
        }
    }

    /// A value inside of this one, with the way to it.
    struct Field {
        let tokens: [String]
        /// The words of all names on the way.
        let words: [String]
        /// The words of its own name.
        let ownWords: [String]
        let schema: Schema

        var pointer: JSONPointer { JSONPointer(tokens: tokens) }
    }

    /// All that an object holds down to a depth, outer ones first.
    func fields(depth: Int = 3) -> [Field] {
        var fields: [Field] = []
        var level = [Field(tokens: [], words: [], ownWords: [], schema: self)]
        for _ in 0..<depth {
            level = level.flatMap { outer in
                outer.schema.properties.map { property in
                    Field(
                        tokens: outer.tokens + [property.name], words: outer.words + property.words,
                        ownWords: property.words, schema: property.schema)
                }
            }
            fields += level
        }
        return fields
    }
}
