import Testing

@testable import BatonCommands

/// What cron mails of a long night.
@Suite struct StoryTests {
    @Test func `a short story is told as it was`() {
        var story = Story()
        for (text, isGrave) in [("a", false), ("b", true), ("c", false)] { story.append(text, isGrave: isGrave) }
        #expect(story.lines(onlyGrave: false) == ["a", "b", "c"])
        #expect(story.lines(onlyGrave: true) == ["b"])
    }

    @Test func `of an endless one the first and the last lines are kept in order, warnings apart from others`() {
        var story = Story()
        for number in 0..<100_000 { story.append("\(number)", isGrave: number.isMultiple(of: 4)) }
        let grave = story.lines(onlyGrave: true)
        #expect(grave.count == 2001 && grave.first == "0" && grave[1999] == "99996")
        #expect(grave.last == "and 23000 more lines")
        let all = story.lines(onlyGrave: false)
        #expect(all.count == 4001 && all.first == "0" && all[3999] == "99999")
        #expect(all.last == "and 96000 more lines")
        let numbers = all.compactMap { Int($0) }
        #expect(numbers.count == 4000 && numbers == numbers.sorted())
    }
}
