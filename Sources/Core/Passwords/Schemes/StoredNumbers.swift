/// The parameters of a stored hash, such as `m=19456,t=2,p=1`.
enum StoredNumbers {
    /// Nil unless exactly these names stand there in this order, each with a decimal number.
    static func read(_ text: Substring, names: [String]) -> [Int]? {
        let pairs = text.split(separator: ",", omittingEmptySubsequences: false)
        guard pairs.count == names.count else { return nil }
        var numbers: [Int] = []
        for (pair, name) in zip(pairs, names) {
            guard pair.hasPrefix(name + "="), let number = decimal(pair.dropFirst(name.count + 1)) else { return nil }
            numbers.append(number)
        }
        return numbers
    }

    /// Digits without a sign and without zeros before them.
    static func decimal(_ text: Substring) -> Int? {
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), text == "0" || text.utf8.first != 0x30 else {
            return nil
        }
        return Int(text)
    }
}
