@main
struct Swift86 {
    static func main() {}
}
