using MbpoML.Fuzzing;

namespace MbpoML.Tests.Fuzzing;

/// <summary>A few hostile files for each reader; <c>MbpoML.Benchmarks fuzz</c> gives them hundreds of thousands.</summary>
public class FuzzTests
{
    private const int Files = 2000;

    private static IEnumerable<string> Names =>
        ["policy zip", "policy ONNX", "checkpoint", "checkpoint folder", "resumed run", "metrics file", "native library"];

    [Test]
    public void Every_reader_has_a_test() => Assert.That(Readers.Create().Select(reader => reader.Name), Is.EqualTo(Names));

    [TestCaseSource(nameof(Names))]
    public void Hostile_files_are_read_or_refused_with_the_documented_exception_in_bounded_memory_and_touch_nothing(string name)
    {
        using var sandbox = new Sandbox();
        var result = FuzzRun.Run(Readers.Create().Single(reader => reader.Name == name), Files, seed: 2, sandbox);
        Assert.That(result.Failures, Is.Empty);
        Assert.That(result.Accepted, Is.GreaterThan(0), "some files are good, so that what follows reading is tried too");
    }

    [Test]
    public void A_reader_that_fails_writes_elsewhere_or_takes_much_memory_is_found()
    {
        var good = Readers.Create()[0];
        using var sandbox = new Sandbox();
        var wrong = FuzzRun.Run(good with { Documented = typeof(FormatException) }, 200, seed: 1, sandbox);
        Assert.That(wrong.Failures, Has.Count.GreaterThan(5).And.All.Contains("PolicyFileException"));
        var greedy = FuzzRun.Run(good with { Read = _ => GC.KeepAlive(new byte[100_000_000]) }, 3, seed: 1, sandbox);
        Assert.That(greedy.Failures, Has.Count.EqualTo(3).And.All.Contains("made it allocate"));
        var escaping = FuzzRun.Run(good with { Read = path => File.WriteAllText(Path.Combine(path, "..", "..", "guard.txt"), "x") }, 1, seed: 1, sandbox);
        Assert.That(escaping.Failures, Has.Count.EqualTo(1).And.All.Contains("was changed"));
    }

    [Test]
    public void A_number_and_a_seed_give_the_same_file_again()
    {
        string[] Read(ulong seed)
        {
            using var sandbox = new Sandbox();
            var files = new List<string>();
            FuzzRun.Run(Readers.Create()[2] with { Read = path => files.Add(Convert.ToHexString(File.ReadAllBytes(path))) }, 20, seed, sandbox);
            return [.. files];
        }

        var first = Read(1);
        Assert.That(Read(1), Is.EqualTo(first));
        Assert.That(Read(2), Is.Not.EqualTo(first));
    }
}
