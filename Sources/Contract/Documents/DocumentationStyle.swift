extension DocumentationPage {
    /// The one style sheet of the page, in it so that the page is whole; whoever serves it allows it by its hash.
    public static let style = """
        :root{--page:#fbfcfd;--raised:#fff;--text:#16202a;--quiet:#52616f;--line:#d8dfe6;--accent:#0b5f67;\
        color-scheme:light dark}
        @media(prefers-color-scheme:dark){:root{--page:#10161c;--raised:#18212a;--text:#e6ecf2;--quiet:#9fb0bf;\
        --line:#2c3945;--accent:#6cc5cd}}
        *{box-sizing:border-box}
        body{margin:0;background:var(--page);color:var(--text);font:16px/1.5 system-ui,sans-serif}
        main,header,nav{max-width:960px;margin:0 auto;padding:0 16px}
        h1{font-size:25px;margin:32px 0 8px}h2{font-size:20px;margin:48px 0 8px}h3{font-size:16px;margin:0}
        h1,h2,h3{font-weight:600}
        p{margin:8px 0;max-width:66ch}
        a{color:var(--accent)}
        a:focus-visible,summary:focus-visible,pre:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
        .skip{position:absolute;left:-999px}.skip:focus{left:16px;top:8px}
        nav ul{list-style:none;margin:16px 0;padding:0;display:flex;flex-wrap:wrap;gap:4px 16px}
        article{background:var(--raised);border:1px solid var(--line);border-radius:10px;padding:16px;margin:16px 0}
        code,pre{font:14px/1.5 ui-monospace,monospace}
        h3 code{overflow-wrap:anywhere}.method{color:var(--accent)}
        pre{margin:8px 0;padding:12px;border:1px solid var(--line);border-radius:6px;background:var(--page);\
        white-space:pre-wrap;overflow-wrap:anywhere}
        .quiet,td:last-child{color:var(--quiet)}
        table{border-collapse:collapse;width:100%;margin:8px 0;font-size:14px}
        caption{text-align:left;font-weight:600;padding:4px 0}
        th,td{text-align:left;vertical-align:top;padding:4px 16px 4px 0;border-top:1px solid var(--line)}
        th{font-weight:600}
        summary{cursor:pointer;color:var(--accent)}
        @media(max-width:640px){thead{display:none}tr{display:block;border-top:1px solid var(--line);padding:4px 0}\
        td{display:block;border:0;padding:0;overflow-wrap:anywhere}}
        """
}
