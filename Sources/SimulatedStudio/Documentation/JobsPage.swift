/// The page that shows what the simulator does: its jobs as bars, and the last requests. It asks again every second.
enum JobsPage {
    static let html = """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Simulated Data Studio</title>
        <link rel="icon" href="data:,">
        <style>
        :root { color-scheme: light dark; }
        body { font: 16px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }
        table { border-collapse: collapse; width: 100%; font-size: .9rem; }
        th, td { text-align: left; padding: .2rem .6rem .2rem 0; border-bottom: 1px solid #8884; }
        td.bar { width: 40%; } td.bar div { height: .8rem; border-radius: 3px; min-width: 2px; background: #7a869a; }
        .RUNNING td.bar div { background: #2f6fde; } .COMPLETED td.bar div { background: #2e8b57; }
        .FAILED td.bar div { background: #c0392b; } .QUEUED td.bar div { background: #bbb; }
        code { font: .85rem ui-monospace, monospace; overflow-wrap: anywhere; }
        </style>
        </head>
        <body>
        <h1>Simulated Data Studio</h1>
        <p>Not a real server. Its API is described at <a href="/api/docs/">/api/docs/</a>. <span id="when"></span></p>
        <h2>Jobs</h2>
        <table><thead><tr><th>Job</th><th>Workflow</th><th>State</th><th>Created</th><th>From start to end</th></tr></thead>
        <tbody id="jobs"></tbody></table>
        <h2>Requests</h2>
        <table><thead><tr><th>When</th><th>Request</th><th>Status</th><th>Fault</th></tr></thead>
        <tbody id="requests"></tbody></table>
        <script>
        const cell = (row, text, name) => {
          const element = row.appendChild(document.createElement("td"));
          element.textContent = text ?? "";
          if (name) element.className = name;
          return element;
        };
        const time = (text) => text ? new Date(text).toLocaleTimeString() : "";
        const show = async () => {
          const state = await (await fetch("\(SimulatedStudio.jobsPath)/state.json")).json();
          const now = new Date(state.now);
          document.getElementById("when").textContent = `As of ${now.toLocaleTimeString()}.`;
          const rows = state.jobs.map((job) => {
            const from = new Date(job.created), to = job.finished ? new Date(job.finished) : now;
            return { job, from, to };
          });
          const first = Math.min(...rows.map((row) => +row.from)), length = Math.max(1, now - first);
          const jobs = document.getElementById("jobs");
          jobs.replaceChildren(...rows.map(({ job, from, to }) => {
            const row = document.createElement("tr");
            row.className = job.state;
            cell(row, job.id); cell(row, job.label); cell(row, job.state); cell(row, time(job.created));
            const bar = cell(row, "", "bar").appendChild(document.createElement("div"));
            bar.style.marginLeft = `${100 * (from - first) / length}%`;
            bar.style.width = `${100 * (to - from) / length}%`;
            return row;
          }));
          const requests = document.getElementById("requests");
          requests.replaceChildren(...state.requests.map((request) => {
            const row = document.createElement("tr");
            cell(row, time(request.at));
            cell(row, "").appendChild(document.createElement("code")).textContent = `${request.method} ${request.path}`;
            cell(row, request.status ?? "no answer"); cell(row, request.fault);
            return row;
          }));
        };
        const go = () => show().catch(() => {}).finally(() => setTimeout(go, 1000));
        go();
        </script>
        </body>
        </html>

        """
}
