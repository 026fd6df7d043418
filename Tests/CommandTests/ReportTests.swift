import Foundation
import JSON
import Subprocess
import SystemPackage
import Testing

/// The page of `show --html`, in a browser.
@Suite(.serialized) struct ReportTests {
    private static let scenario = """
        workflows:
          wf1: { duration: 1s }
          wf2: { duration: 2s }
          "<b>&\\"wf3\\"</b>": { duration: 1s }
          wf4: { duration: 500ms, outcome: FAILED, message: "Row 17 <has> no key" }
        """
    private static let script = """
        phase "load"
        execute { "wf1", params = { region = param("region", "EU") } }
        phase "match"
        parallel { "wf2", '<b>&"wf3"</b>' }
        notify "half way"
        phase "publish"
        execute "wf4"
        """

    /// What the browser made of a bar.
    private struct Bar {
        let step: Int
        let x: Double
        let y: Double
        let width: Double

        init(_ json: JSON) {
            func number(_ name: String) -> Double {
                switch json[name] {
                case .integer(let number): Double(number)
                case .number(let number): number
                default: .nan
                }
            }
            step = Int(number("step"))
            x = number("x")
            y = number("y")
            width = number("width")
        }
    }

    /// Loads a page, runs something in it, and reads what it gives.
    private func evaluate(_ expression: String, in page: String, _ place: Workplace, libraries: [String] = [])
        async throws -> JSON
    {
        // The page forbids all scripts; this copy of it does not.
        let policy = /<meta http-equiv="Content-Security-Policy"[^>]*>/
        #expect(page.contains(policy))
        let scripts = libraries.map { "<script>\($0)</script>" }.joined()
        let probe = """
            <script>Promise.resolve(\(expression)).then(result => {
              const pre = document.createElement("pre"); pre.id = "probe"
              pre.textContent = btoa(unescape(encodeURIComponent(JSON.stringify(result)))); document.body.appendChild(pre)
            })</script>
            """
        let copy = page.replacing(policy, with: "").replacing("</body>", with: scripts + probe + "</body>")
        try place.write(copy, to: "probe.html")
        let result = try await Subprocess.run(
            .name("chromium"),
            arguments: [
                "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--window-size=1280,1000",
                "--user-data-dir=\(place.url.path)/profile", "--virtual-time-budget=10000", "--dump-dom",
                "file://\(place.url.path)/probe.html",
            ], input: .none, output: .string(limit: 32 << 20), error: .discarded)
        let found = try #require(result.standardOutput.firstMatch(of: /<pre id="probe">([^<]*)<\/pre>/))
        let data = try #require(Data(base64Encoded: String(found.1)))
        return try JSON(parsing: Array(data))
    }

    /// When the jobs of the last run's steps were running, in seconds.
    private func steps(_ place: Workplace) async throws -> [(from: Double, length: Double)] {
        let shown = try JSON(parsing: Array(try await place.baton("show", "--json").output.utf8))
        return try (shown["steps"]?.elements ?? []).map { step in
            func seconds(_ name: String) throws -> Double {
                let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
                return try style.parse(try #require(step[name]?.text)).timeIntervalSinceReferenceDate
            }
            return (try seconds("started"), try seconds("ended") - seconds("started"))
        }
    }

    private static let bars = """
        [...document.querySelectorAll("#chart .bar")].map(bar => { const box = bar.getBoundingClientRect()
          return { step: Number(bar.dataset.step), x: box.x, y: box.y, width: box.width } })
        """

    @Test(.timeLimit(.minutes(3)))
    func `the page shows every step in its order, place and proportion, and bars no one`() async throws {
        try await Workplace.with(Self.scenario) { place, _ in
            try place.write(Self.script, to: "night.lua")
            #expect(try await place.baton("run", "--param", "region=US", "night.lua").code == 1)
            let shown = try await place.baton("show", "--html", "first.html")
            #expect(shown.code == 0, "\(shown.errors)")
            #expect(!(try place.read("first.html").contains("class=\"usual\"")), "nothing is usual after one run")
            #expect(try await place.baton("run", "night.lua").code == 1)
            #expect(try await place.baton("show", "--html", "second.html").code == 0)
            let page = try place.read("second.html")

            let bars = try await evaluate(Self.bars, in: page, place).elements?.map(Bar.init) ?? []
            #expect(bars.map(\.step) == [1, 2, 3, 4])
            try #require(bars.count == 4)
            #expect(bars.map(\.y) == bars.map(\.y).sorted())
            // Of what the journal has, as jobs are seen at intervals: how wide a second is has to be the same for all.
            let times = try await steps(place)
            let second = bars[1].width / times[1].length
            #expect(second > 10)
            for (bar, time) in zip(bars, times) {
                #expect(abs(bar.width - time.length * second) < 2, "\(bars) \(times)")
                #expect(abs(bar.x - bars[0].x - (time.from - times[0].from) * second) < 2, "\(bars) \(times)")
            }

            let usual = try await evaluate(##"document.querySelectorAll("#chart .usual").length"##, in: page, place)
            #expect(usual == 3, "wf4 never completed")
            let text = try await evaluate("document.body.innerText", in: page, place).text ?? ""
            for part in [
                "night.lua FAILED", "What to do", "baton retry", "region = EU", #"<b>&"wf3"</b>"#,
                "Row 17 <has> no key",
                "half way", "info",
            ] {
                #expect(text.contains(part), "\(part)")
            }
            // What a label says is text: nothing of it is an element, and nothing is fetched from anywhere.
            #expect(try await evaluate(#"document.querySelectorAll("main b").length"#, in: page, place) == 0)
            #expect(!page.contains("http://") && !page.contains("https://"))
            #expect(!page.contains("<script"))
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `everybody can read the page`() async throws {
        let axe = try await Self.axe()
        try await Workplace.with(Self.scenario) { place, _ in
            try place.write(Self.script, to: "night.lua")
            #expect(try await place.baton("run", "night.lua").code == 1)
            try place.write("print 'nothing'", to: "empty.lua")
            #expect(try await place.baton("run", "empty.lua").code == 0)
            for script in ["night.lua", "empty.lua"] {
                #expect(try await place.baton("show", script, "--html", "page.html").code == 0)
                let tags = #"["wcag2a","wcag2aa","wcag21a","wcag21aa","wcag22aa","best-practice"]"#
                let result = try await evaluate(
                    #"axe.run(document, { runOnly: { type: "tag", values: \#(tags) } }).then(r => ({ passes: r.passes.length, violations: r.violations.map(v => v.id + ": " + v.nodes.map(n => n.html).join(" ")) }))"#,
                    in: try place.read("page.html"), place, libraries: [axe])
                #expect(result["violations"]?.elements?.compactMap(\.text) == [])
                guard case .integer(let passes)? = result["passes"] else {
                    Issue.record("axe did not run: \(result)")
                    continue
                }
                #expect(passes > 20)
            }
        }
    }

    /// The accessibility checker axe-core, https://github.com/dequelabs/axe-core, as a package of PyPI carries it.
    private static func axe() async throws -> String {
        let folder = BatonProcess.root.appendingPathComponent(".build/axe").path
        let script = """
            import glob, subprocess, sys, zipfile
            wheels = lambda: glob.glob(sys.argv[1] + "/axe_playwright_python-0.1.8-*.whl")
            if not wheels():
                subprocess.check_call([sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "-d", sys.argv[1],
                    "axe-playwright-python==0.1.8"], stdout=sys.stderr)
            sys.stdout.write(zipfile.ZipFile(wheels()[0]).read("axe_playwright_python/axe.min.js").decode())
            """
        let result = try await Subprocess.run(
            .name("python3"), arguments: ["-c", script, folder], input: .none, output: .string(limit: 8 << 20),
            error: .string(limit: 65_536))
        try #require(result.terminationStatus.isSuccess, "\(result.standardError)")
        return result.standardOutput
    }

    @Test func `a page that cannot be written, and what does not go together, is told`() async throws {
        let place = try Workplace()
        try place.write("journal: \(place.url.path)/j\n", to: "baton.yaml")
        #expect(try await place.baton("show", "--html", "x.html").code == 64)
        #expect(try await place.baton("show", "--html", "x.html", "--json").code == 64)
    }
}
