---@meta baton.test
-- The library of test files, for editors. Written by baton types: do not change it here.

---A job that the server started. Times are seconds since the beginning of the night.
---@class baton.test.Start
---@field label string
---@field job_id string
---@field params table<string, string>
---@field at number
---@field ended? number
---@field state baton.State

---What came of a night.
---@class baton.test.Night
---@field exit_code integer
---@field status string
---@field duration number
---@field text? string
---@field error? baton.Error
---@field refused? string[]
---@field started baton.test.Start[]
---@field steps { name: string, label: string, phase?: string, state: string, duration?: number }[]
---@field not_started string[]
---@field running string[]
---@field output string[]
---@field warnings string[]
---@field notices { title?: string, text: string, level: string, to?: string[] }[]
---@field requests { method: string, url: string, headers: table<string, string>, body?: string }[]
---@field changes string[]
---@field deaths integer

---The night that a case wants; the first entry is the script.
---@class baton.test.Spec
---@field [1] string
---@field params? table<string, string|number|boolean>
---@field args? string[]
---@field scenario? table|string
---@field crashes? baton.Duration[]|"everywhere"
---@field resumes_after? baton.Duration
---@field patience? baton.Duration
---@field max_parallel? integer
---@field history? table<string, baton.Duration[]>
---@field jobs? table<string, baton.State>
---@field files? table<string, { size: integer, modified?: integer }>
---@field at? string
---@field zone? string

---@class baton.test
local test = {}

---A case: it fails by an error.
---@param name string
---@param fn fun()
function test.case(name, fn) end

---Plays a night.
---@param spec baton.test.Spec|string
---@return baton.test.Night
function test.run(spec) end

---@param condition any
---@param text? any
---@return any
function test.check(condition, text) end

---@param actual any
---@param expected any
---@param what? string
function test.equal(actual, expected, what) end

---Exactly that was started, in this order; what stands in a table of its own in any order.
---@param night baton.test.Night
---@param expected (string|table)[]
function test.started(night, expected) end

---@param night baton.test.Night
---@param ... string
function test.not_started(night, ...) end

---@param night baton.test.Night
---@param first string
---@param second string
function test.before(night, first, second) end

---@param night baton.test.Night
---@param ... string
function test.together(night, ...) end

---@param night baton.test.Night
---@param expected integer|{ exit_code?: integer, status?: string, kind?: baton.Kind, label?: string, message?: string, where?: string, text?: string }
function test.ended(night, expected) end

---@param night baton.test.Night
---@param text string
function test.printed(night, text) end

---@param night baton.test.Night
---@param text string
function test.notified(night, text) end

return test
