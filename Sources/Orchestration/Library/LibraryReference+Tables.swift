extension LibraryReference {
    /// The functions that stand in tables: dates, files, JSON, other servers, and what a Data Studio server has.
    static let inTables: [LibraryReference] = [
        LibraryReference(
            name: "date.add", usage: "date.add(date, n [, unit [, holidays]])",
            text: "Returns the date that is n later, or earlier for a negative n. The unit is \"days\" "
                + "(default), \"weeks\", \"months\", \"years\" or \"workdays\". 31 January and a month is the last "
                + "of February. holidays is a list of dates that are no working days, or the name of a calendar of the "
                + "configuration. Dates are texts such as "
                + "2026-12-25; what is no date, for example 2026-02-30, is an error."),
        LibraryReference(
            name: "date.at", usage: "date.at(date, \"01:30\" [, { missing =, repeated = }])",
            text: "Returns that time of the date in seconds since 1970, in the zone of the run. When the clocks "
                + "go forward the time may not exist: missing is \"error\" (default), \"next\" (the moment of "
                + "the change) or \"shift\" (as much later). When they go back it occurs twice: repeated is "
                + "\"first\" (default) or \"second\"."),
        LibraryReference(
            name: "date.diff", usage: "date.diff(from, to [, unit [, holidays]])",
            text: "Returns how many days, \"weeks\", \"months\" or \"workdays\" it is from one date to the "
                + "other, negative if that is earlier. Weeks and months count when they are over; working days "
                + "are those after the first date."),
        LibraryReference(
            name: "date.first_of_month", usage: "date.first_of_month(date)",
            text: "Returns the first date of the month."),
        LibraryReference(
            name: "date.format", usage: "date.format(date, format)",
            text: "Returns the date as os.date writes it in that format, such as %d.%m.%Y."),
        LibraryReference(
            name: "date.is_workday", usage: "date.is_workday(date [, holidays])",
            text: "Returns true from Monday to Friday, unless the date is in the list of holidays. A calendar may have "
                + "another weekend."),
        LibraryReference(
            name: "date.last_of_month", usage: "date.last_of_month(date)",
            text: "Returns the last date of the month."),
        LibraryReference(
            name: "date.parse", usage: "date.parse(text, format)",
            text: "Returns the date that the text is in that format, such as %d.%m.%Y. It has %Y, or %y for a "
                + "year from 2000 on, %m and %d; what is not written so is an error."),
        LibraryReference(
            name: "date.today", usage: "date.today()",
            text: "Returns the date now, in the zone of the run; run.date is the date on which the run began."),
        LibraryReference(
            name: "date.weekday", usage: "date.weekday(date)",
            text: "Returns the day of the week, from 1 for Monday to 7."),
        LibraryReference(
            name: "file.list", usage: "file.list(pattern [, { limit = }])",
            text:
                "Returns the files that match, by path: a list of { path, name, size, modified }. In each name of the "
                + "path, * stands for any characters, ? for one, [a-z] for one of a set; a name that begins with a dot "
                + "is matched by one that does. The pattern goes from the root on, and the folders that the "
                + "configuration allows (files:) hold for it as for file.stat. More files than limit, 1000 unless "
                + "given, are an error of the kind rejected."),
        LibraryReference(
            name: "file.stat", usage: "file.stat(path)",
            text: "Returns { size, modified }, in bytes and in seconds since 1970, or nil if nothing is there. The "
                + "path goes from the root on and lies below the folders that the configuration allows (files:). "
                + "Wildcards are an error: file.list takes them."),
        LibraryReference(
            name: "http.get", usage: "http.get(url [, { headers = }])",
            text: "Sends a GET and returns { status, headers, body }, names of headers in lower case. It takes 60 s "
                + "and 16 MB at most, and follows no redirects. In a simulation the answer is what the scenario has "
                + "under http:."),
        LibraryReference(
            name: "http.post", usage: "http.post(url, { headers =, body = })",
            text: "Sends a POST and returns { status, headers, body }, as http.get does. It is sent once: if no "
                + "answer comes, the error's running is \"unknown\". Secrets can stand in headers and in the body, "
                + "not in the address."),
        LibraryReference(
            name: "http.request", usage: "http.request { url =, method =, headers =, body = }",
            text: "Sends a request, a GET unless method says otherwise, and returns { status, headers, body }, as "
                + "http.get does. All but GET, HEAD and OPTIONS are sent once: if no answer comes, the error's "
                + "running is \"unknown\"."),
        LibraryReference(
            name: "json.array", usage: "json.array(table)",
            text: "Marks a table as an array and returns it. Without the mark json.encode writes an empty table as an "
                + "object. The arrays of json.decode have it."),
        LibraryReference(
            name: "json.decode", usage: "json.decode(text [, { null = true }])",
            text: "Returns the value of a JSON text. Integers are exact. null is nil, which leaves a member out and a "
                + "hole in a list; with the option it is json.null."),
        LibraryReference(
            name: "json.encode", usage: "json.encode(value [, { pretty = true }])",
            text: "Returns the value as JSON, keys in the order of pairs. A table is an array if it has the keys 1 to "
                + "n or was marked by json.array, and an object if all its keys are strings; the empty table is an "
                + "object. What has no place in JSON is an error that names the place."),
        LibraryReference(
            name: "json.null", usage: "json.null",
            text: "Stands for null: json.encode writes it as that, and json.decode gives it when asked with { null = "
                + "true }. It equals itself, and a condition takes it as true."),
        LibraryReference(
            name: "studio.dataset", usage: "studio.dataset(label [, { server = }])",
            text: "Returns { label, state, refreshed, details }: the state in the words of jobs, refreshed in seconds "
                + "since 1970. Raises unsupported where the server's API description does not have it."),
        LibraryReference(
            name: "studio.execute_schedule", usage: "studio.execute_schedule(label [, { server = }])",
            text: "Executes a schedule and returns true. It is sent once: if no answer comes, the error's running is "
                + "\"unknown\". Raises unsupported where the server's API description does not have it."),
        LibraryReference(
            name: "studio.jobs", usage: "studio.jobs { label =, state =, since =, limit =, server = }",
            text: "Returns a list of jobs as state(label) gives them, newest first; 100 unless limit says otherwise. "
                + "since is a time, as now() - seconds \"2h\". state is one of QUEUED, RUNNING, COMPLETED, FAILED, "
                + "CANCELLED, UNKNOWN. Raises unsupported where the server's API description does not have it."),
        LibraryReference(
            name: "studio.refresh_dataset", usage: "studio.refresh_dataset(label [, { server = }])",
            text: "Loads a dataset anew, waits until that has happened, and returns it as studio.dataset does. Raises "
                + "failed if it could not be loaded. Where the API description does not tell the state of datasets, "
                + "it waits for nothing and returns true. Raises unsupported where the server's API description does "
                + "not have it."),
        LibraryReference(
            name: "studio.spaces", usage: "studio.spaces([{ server = }])",
            text: "Returns a list of { label, name, details }. Raises unsupported where the server's API description "
                + "does not have it."),
        LibraryReference(
            name: "studio.workflows", usage: "studio.workflows([{ server = }])",
            text: "Returns a list of { label, name, space, details }. Raises unsupported where the server's API "
                + "description does not have it."),
    ]
}
