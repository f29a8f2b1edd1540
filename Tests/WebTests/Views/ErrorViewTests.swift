import HTTPEngine
import Testing

@testable import Web

@Suite struct ErrorViewTests {
    private func words(_ view: ErrorView) throws -> String {
        let frame = PageFrame(viewer: nil, csrfToken: "token", flash: nil, requestID: "1", now: Samples.now)
        let texts = try ReadPage(try TestPages.html(view, in: frame)).texts
        let heading = try #require(texts.firstIndex(of: view.title))
        return texts[heading + 1]
    }

    @Test func `what is known of a failure stands there alone`() throws {
        let message = "Nothing was changed; try again in a moment."
        #expect(try words(ErrorView(status: .serviceUnavailable, retryAfterSeconds: 5, message: message)) == message)
        #expect(try words(ErrorView(status: .forbidden, message: FailureWords.foreignForm)) == FailureWords.foreignForm)
    }

    @Test func `a status says what happened and what to do, and the time to wait where that is known`() throws {
        let waiting = try words(ErrorView(status: .tooManyRequests, retryAfterSeconds: 90))
        #expect(waiting == "There were too many requests in a short time. Try again in 90 seconds.")
        let unknown = try words(ErrorView(status: .tooManyRequests))
        #expect(unknown == "There were too many requests in a short time. Wait a minute and try again.")
    }

    @Test func `who may not see a page is told nothing of forms`() throws {
        #expect(try !words(ErrorView(status: .forbidden)).contains("form"))
    }

    @Test(arguments: [
        (0, "a second"), (1, "a second"), (2, "2 seconds"), (119, "119 seconds"), (120, "2 minutes"),
        (121, "3 minutes"), (7_199, "120 minutes"), (7_200, "2 hours"), (86_400, "24 hours"),
    ])
    func `a time to wait is never said too short`(seconds: Int, words: String) {
        #expect(FailureWords.tryAgain(inSeconds: seconds) == "Try again in \(words).")
    }

    @Test func `no sentence says twice what to do`() {
        let sentences = [
            FailureWords.serviceAway, FailureWords.storeAway, FailureWords.storeAwayUnchanged, FailureWords.sessionBusy,
            FailureWords.foreignForm, FailureWords.notSignedIn, FailureWords.notDone, FailureWords.doubtful,
            FailureWords.doubtfulAnswer,
        ]
        for sentence in sentences {
            #expect(sentence.lowercased().split(separator: "try ").count == 2, "\(sentence)")
        }
    }
}
