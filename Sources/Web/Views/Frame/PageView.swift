internal import HTTPEngine
internal import Mustache

/// A page, with all that it shows.
protocol PageView: Sendable {
    /// The template, by its name below `templates/pages`.
    static var template: String { get }

    /// What the window is called, before "· Gatehouse".
    var title: String { get }

    /// Which entry of the navigation it belongs to.
    var place: Navigation.Place? { get }

    /// What is answered with the page when nobody says otherwise.
    var status: HTTPStatus { get }

    /// What the template is filled with, besides the frame's own.
    func members(in frame: PageFrame) -> [(String, MustacheValue)]
}

extension PageView {
    var place: Navigation.Place? { nil }
    var status: HTTPStatus { .ok }

    /// All that the template is filled with.
    func value(in frame: PageFrame, assets: Assets) -> MustacheValue {
        .object(MustacheObject(frame.members(title: title, place: place, assets: assets) + members(in: frame)))
    }
}
