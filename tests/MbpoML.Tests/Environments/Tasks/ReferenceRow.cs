using System.IO.Compression;
using System.Text.Json;

namespace MbpoML.Tests.Environments.Tasks;

/// <summary>One transition of the reference data; see TestData/classic/README.md.</summary>
internal sealed record ReferenceRow(double[] State, double[] Action, double[] NextState, double[] Observation, double Reward, bool Terminated)
{
    public static IReadOnlyList<ReferenceRow> Load(string task)
    {
        using var file = File.OpenRead(Path.Combine(TestContext.CurrentContext.TestDirectory, "TestData", "classic", $"{task}.jsonl.gz"));
        using var reader = new StreamReader(new GZipStream(file, CompressionMode.Decompress));
        var rows = new List<ReferenceRow>();
        while (reader.ReadLine() is { } line)
        {
            using var json = JsonDocument.Parse(line);
            var row = json.RootElement;
            rows.Add(new ReferenceRow(
                Vector(row, "state"), Vector(row, "action"), Vector(row, "state_next"), Vector(row, "obs"), row.GetProperty("reward").GetDouble(),
                row.GetProperty("terminated").GetBoolean()));
        }
        return rows;
    }

    private static double[] Vector(JsonElement row, string name) => [.. row.GetProperty(name).EnumerateArray().Select(value => value.GetDouble())];
}
