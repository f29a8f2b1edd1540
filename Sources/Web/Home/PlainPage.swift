/// A page of headings and paragraphs. Its texts are the program's own: they hold no markup and nothing from outside.
struct PlainPage {
    let title: String
    let paragraphs: [String]

    var html: String {
        """
        <!DOCTYPE html>
        <html lang="en">
        <head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
        <title>\(title) · Gatehouse</title></head>
        <body><main><h1>\(title)</h1>
        \(paragraphs.map { "<p>\($0)</p>" }.joined(separator: "\n"))
        </main></body>
        </html>

        """
    }
}
