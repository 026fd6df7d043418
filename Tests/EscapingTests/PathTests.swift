import Escaping
import Testing

/// Paths as texts, also those that Foundation does not survive.
@Suite struct PathTests {
    @Test(arguments: [
        ("/in/day.csv", "/in", "day.csv"), ("/in", "/", "in"), ("/", "/", "/"), ("", "", ""), ("a", "", "a"),
        ("-", "", "-"), ("ä", "", "ä"), ("a/b", "a", "b"), ("/in/sub/", "/in", "sub"), ("//a", "/", "a"),
        ("a//b", "a", "b"),
        (".", "", "."), ("./a", ".", "a"), ("..", "", ".."), ("/e\u{301}/\u{301}x", "/e\u{301}", "\u{301}x"),
    ])
    func `a path has a folder and a name`(path: String, folder: String, name: String) {
        #expect(path.folderPath.utf8.elementsEqual(folder.utf8))
        #expect(path.lastName.utf8.elementsEqual(name.utf8))
    }

    @Test func `a name is put behind a folder`() {
        #expect("/in".path(of: "a") == "/in/a" && "/".path(of: "a") == "/a" && "".path(of: "a") == "a")
    }
}
