/// The page that people open: it reads the OpenAPI document as a Swagger page does, without its assets.
enum DocumentationPage {
    static let title = "Data Studio API (simulated)"

    static func html(documentAt path: String) -> String {
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>\(title)</title>
        <link rel="icon" href="data:,">
        <style>
        body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
        section { border: 1px solid #8888; border-radius: 6px; margin: .75rem 0; padding: .5rem 1rem; }
        h2 { font: 600 1rem/1.5 ui-monospace, monospace; margin: 0; }
        p { margin: .25rem 0; }
        pre { overflow-x: auto; font-size: .85rem; }
        :root { color-scheme: light dark; }
        </style>
        </head>
        <body>
        <h1>\(title)</h1>
        <p>Not a real server: a simulation, for trying Baton out. The document is
        <a href="\(path)">\(path)</a>.</p>
        <main id="operations"></main>
        <script>
        const ui = { url: "\(path)", dom_id: "#operations" };
        const add = (parent, name, text) => {
          const element = parent.appendChild(document.createElement(name));
          element.textContent = text ?? "";
          return element;
        };
        const list = async () => {
          const main = document.querySelector(ui.dom_id);
          try {
            const api = await (await fetch(ui.url)).json();
            for (const [path, item] of Object.entries(api.paths)) {
              for (const [method, operation] of Object.entries(item)) {
                const section = add(main, "section");
                add(section, "h2", `${method.toUpperCase()} ${path}`);
                add(section, "p", operation.summary);
                const details = add(section, "details");
                add(details, "summary", "Parameters, body and replies");
                const { parameters, requestBody, responses } = operation;
                add(details, "pre", JSON.stringify({ parameters, requestBody, responses }, null, 2));
              }
            }
          } catch (error) {
            add(main, "p", `The document could not be read: ${error}`);
          }
        };
        list();
        </script>
        </body>
        </html>

        """
    }
}
