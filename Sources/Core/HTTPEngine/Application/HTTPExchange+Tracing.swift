extension HTTPExchange {
    /// Adds what lets the next service log under the same names: this request's id, and the trace context that came with
    /// it (W3C Trace Context), untouched. `request` is the one that came in.
    public func forwardTrace(of request: HTTPRequest, into fields: inout HTTPFields) {
        fields.set(.xRequestID, requestID)
        for name in [HTTPFieldName.traceparent, .tracestate] {
            if let value = request.fields.single(name) { fields.set(name, value) }
        }
    }
}
