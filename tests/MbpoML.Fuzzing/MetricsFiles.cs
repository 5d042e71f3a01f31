using System.Text;
using CsCheck;
using MbpoML.Training.Metrics;

namespace MbpoML.Fuzzing;

/// <summary>Hostile files of metrics: damaged lines, deep nesting, numbers out of range, text that is no UTF-8, and long runs of lines for one step.</summary>
internal static class MetricsFiles
{
    private const int Deep = 100_000;

    private static readonly byte[] Good = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(1, 20).Select(epoch =>
        $"{{\"step\":{250 * epoch},\"time\":1767225600.5,\"evaluation/return-mean\":{-142.5 + epoch},\"loss\":null,\"e \\\"quoted\\\" ä\":1e-300}}\n")));

    private static readonly string[] Values =
    [
        "1e400", "-1e400", "1e-400", "NaN", "Infinity", "\"x\"", "true", "[]", "{}", "1.", "01", "--1", "99999999999999999999999", "\"\\ud800\"",
        new('9', 10_000),
        new string('[', Deep), new string('[', Deep) + new string(']', Deep), string.Concat(Enumerable.Repeat("{\"a\":", Deep)),
    ];

    private static readonly string[] Names = ["a", "step", "time", "", "\\ud800", "\\u0000", "step\\", "ä", new('n', 10_000)];

    public static FuzzedReader Reader() => new(
        "metrics file",
        Gen.Frequency<byte[]>(
            (60, Mutations.Of(Good)),
            (38, Gen.Select(Gen.OneOf(Names), Gen.OneOf(Values), Gen.Int[0, 5], Line)),
            (2, Gen.Int[1, 2000].Select(OneStep))),
        path => MetricsFile.Read(path),
        typeof(FormatException),
        64 * 1024 * 1024);

    private static byte[] Line(string name, string value, int before) => Encoding.UTF8.GetBytes(
        string.Concat(Enumerable.Range(0, before).Select(step => $"{{\"step\":{step}}}\n")) + $"{{\"step\":9,\"{name}\":{value}}}\n");

    private static byte[] OneStep(int lines) =>
        Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, lines).Select(line => $"{{\"step\":7,\"metric-{line}\":{line}}}\n")));
}
