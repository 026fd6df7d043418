/// Parameters and statements of a function.
package struct FunctionBody {
    /// Without `...`, and without the `self` of methods.
    package let parameters: [Variable]
    /// What it does.
    package let block: [Statement]
}
