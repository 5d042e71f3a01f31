using System.Text;
using MbpoML.Experiments.Reports;
using MbpoML.Tests;
using static MbpoML.Experiments.Tests.Reports.SomeRuns;

namespace MbpoML.Experiments.Tests.Reports;

[Category("Text")]
public class CurveFileTests
{
    private const string Good =
        "# MbpoML: curve of a run\n# task: Hopper\n# algorithm: dhmbpo\n# label: DHMBPO\n# settings: \n# seed: 2\n# steps: 3000\n# planned: 5000\n" +
        "# seconds: 300.5\n# machine: AMD EPYC\nstep,return,length,seconds\n1000,-1.5,88.5,100\n2000,7,,200.5\n";

    [Test]
    public void A_curve_comes_back_as_it_was_but_for_rounding()
    {
        using var folder = new TemporaryFolder();
        var run = Run(3, (1000, 1.23456), (2000, -0.5)) with { Label = "a, \"b\"", Settings = "X=1, Y=[2, 3]", Machines = ["one", "two"] };
        CurveFile.Write(folder["made", "c.csv"], run);
        var read = CurveFile.Read(folder["made", "c.csv"]);
        Assert.Multiple(() =>
        {
            Assert.That((read.Task, read.Algorithm, read.Label, read.Settings, read.Seed, read.Steps, read.PlannedSteps, read.Seconds, read.IsFinished),
                Is.EqualTo((run.Task, run.Algorithm, run.Label, run.Settings, 3, 2000L, 100_000L, 200.0, false)));
            Assert.That(read.Evaluations, Is.EqualTo(new RunEvaluation[] { new(1000, 1.235, 1000, 100), new(2000, -0.5, 1000, 200) }));
            Assert.That(read.Machines, Is.EqualTo(run.Machines));
            Assert.That((read.Place, read.Group), Is.EqualTo((folder["made", "c.csv"], run.Group)));
        });
    }

    [Test]
    public void The_file_is_plain()
    {
        using var folder = new TemporaryFolder();
        CurveFile.Write(folder["c.csv"], Run(2, (1000, -1.5)) with { Machines = [] });
        Assert.That(File.ReadAllText(folder["c.csv"]), Is.EqualTo(
            "# MbpoML: curve of a run\n# task: Hopper\n# algorithm: dhmbpo\n# label: DHMBPO\n# settings: \n# seed: 2\n# steps: 1000\n# planned: 100000\n" +
            "# seconds: 100\nstep,return,length,seconds\n1000,-1.5,1000,100\n"));
    }

    // A run of 100,000 steps with an evaluation each 1000.
    [Test]
    public void A_long_run_takes_a_few_kilobytes()
    {
        using var folder = new TemporaryFolder();
        CurveFile.Write(folder["c.csv"], Run(1, [.. Enumerable.Range(1, 100).Select(epoch => (1000L * epoch, 1000 * Math.Sqrt(epoch)))]));
        Assert.That(new FileInfo(folder["c.csv"]).Length, Is.LessThan(4000));
    }

    [TestCase("de-DE")]
    [TestCase("ar-SA")]
    [TestCase("fa-IR")]
    public void It_is_written_and_read_in_every_culture(string culture)
    {
        using var folder = new TemporaryFolder();
        CurveFile.Write(folder["here.csv"], Run(1, (1000, -1234.5)));
        Cultures.Under(culture, () =>
        {
            CurveFile.Write(folder["there.csv"], Run(1, (1000, -1234.5)));
            return Assert_read();
        });
        Assert.That(File.ReadAllText(folder["there.csv"]), Is.EqualTo(File.ReadAllText(folder["here.csv"])));

        bool Assert_read()
        {
            Assert.That(CurveFile.Read(folder["here.csv"]).Evaluations[0].Return, Is.EqualTo(-1234.5));
            return true;
        }
    }

    [TestCase("\n", "\r\n")]
    [TestCase("\n", "\n\n")]
    [TestCase("# seed: 2", "# later: something new\n# seed: 2")]
    [TestCase("# MbpoML", "\ufeff# MbpoML")]
    public void What_an_editor_or_a_later_version_changes_does_no_harm(string before, string after)
    {
        var run = Read(Good.Replace(before, after, StringComparison.Ordinal));
        Assert.That(run.Evaluations, Is.EqualTo(new RunEvaluation[] { new(1000, -1.5, 88.5, 100), new(2000, 7, null, 200.5) }));
    }

    [TestCase(Good, "", "does not begin with the line \"# MbpoML: curve of a run\"")]
    [TestCase("# MbpoML: curve of a run", "algorithm,seeds,step", "does not begin with the line")]
    [TestCase("# task: Hopper\n", "", "has no line \"# task: ...\"")]
    [TestCase("# seed: 2\n", "", "has no line \"# seed: ...\"")]
    [TestCase("# task: Hopper", "# task: ", "Line 2")]
    [TestCase("# task: Hopper", "# task: Hopper\n# task: Ant", "a name that has no value yet")]
    [TestCase("# task: Hopper", "# task", "must be \"# name: value\"")]
    [TestCase("# task: Hopper", "task: Hopper", "must be \"# name: value\" or \"step,return,length,seconds\"")]
    [TestCase("# task: Hopper", "# task: \u001b[31mHopper", "at most 200 letters that can be seen")]
    [TestCase("# task: Hopper", "# task: a\u202eb", "at most 200 letters that can be seen")]
    [TestCase("# seed: 2", "# seed: -2", "Line 6 of 'PATH' is \"# seed: -2\", but must be a whole number from 0")]
    [TestCase("# seed: 2", "# seed: 99999999999999999999", "a whole number from 0")]
    [TestCase("# steps: 3000", "# steps: 1000", "at least the 2000 steps of its last evaluation")]
    [TestCase("# steps: 3000", "# steps: 100000001", "a whole number from 0 to 100000000")]
    [TestCase("# planned: 5000", "# planned: many", "a whole number from 0")]
    [TestCase("# seconds: 300.5", "# seconds: 200", "at least the 200.5 seconds of its last evaluation")]
    [TestCase("# seconds: 300.5", "# seconds: 1e999", "a number from 0")]
    [TestCase("# seconds: 300.5", "# seconds: -1", "a number from 0")]
    [TestCase("1000,-1.5,88.5,100\n2000,7,,200.5\n", "", "has no evaluation")]
    [TestCase("step,return,length,seconds\n", "", "must be \"# name: value\" or \"step,return,length,seconds\"")]
    [TestCase("2000,7,,200.5", "2000,7,200.5", "Line 13")]
    [TestCase("2000,7,,200.5", "2000,NaN,,200.5", "Line 13")]
    [TestCase("2000,7,,200.5", "2000,1e999,,200.5", "Line 13")]
    [TestCase("2000,7,,200.5", "2000,7,-1,200.5", "Line 13")]
    [TestCase("2000,7,,200.5", "2000,7,,99", "steps and seconds going up")]
    [TestCase("2000,7,,200.5", "1000,7,,200.5", "steps and seconds going up")]
    [TestCase("2000,7,,200.5", "2000,\"7,5\",,200.5", "numbers with a decimal point")]
    [TestCase("2000,7,,200.5", "2000.5,7,,200.5", "Line 13")]
    [TestCase("2000,7,,200.5", "4000000000,7,,200.5", "Line 13")]
    [TestCase("2000,7,,200.5", "=cmd|'/c calc'!A1,7,,200.5", "Line 13")]
    public void A_broken_file_is_refused_with_the_line_and_what_was_expected(string before, string after, string message)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["c.csv"], Good.Replace(before, after, StringComparison.Ordinal));
        Assert.That(() => CurveFile.Read(folder["c.csv"]),
            Throws.TypeOf<RunDataException>().With.Message.Contains(message.Replace("PATH", folder["c.csv"], StringComparison.Ordinal)));
    }

    [Test]
    public void A_message_neither_floods_a_terminal_nor_commands_it()
    {
        var refused = Assert.Throws<RunDataException>(
            () => Read(Good.Replace("# task: Hopper", $"# task: \u001b[2J{new string('x', 10_000)}", StringComparison.Ordinal)));
        Assert.That(refused!.Message, Has.Length.LessThan(500).And.None.EqualTo('\u001b'));
    }

    [Test]
    public void A_file_that_is_too_long_is_refused()
    {
        using var folder = new TemporaryFolder();
        using (var file = File.Create(folder["big.csv"])) file.SetLength(5 * 1024 * 1024);
        var many = Enumerable.Range(1, 20_001).Select(step => $"{step},1,,1\n");
        Assert.Multiple(() =>
        {
            Assert.That(() => CurveFile.Read(folder["big.csv"]), Throws.TypeOf<RunDataException>().With.Message.Contains("at most 4194304"));
            Assert.That(() => Read(Good[..Good.IndexOf("1000,", StringComparison.Ordinal)] + string.Concat(many)),
                Throws.TypeOf<RunDataException>().With.Message.Contains("at most 20000"));
        });
    }

    // A good file with bytes changed, cut out and doubled: read or refused, nothing else, and what is read can be reported.
    [Test]
    public void Damaged_files_are_read_or_refused()
    {
        var random = new Random(1);
        var (good, refused) = (Encoding.UTF8.GetBytes(Good), 0);
        using var folder = new TemporaryFolder();
        for (var file = 0; file < 2000; file++)
        {
            var bytes = good.ToList();
            for (var change = random.Next(1, 4); change > 0; change--)
            {
                var at = random.Next(bytes.Count);
                switch (random.Next(3))
                {
                    case 0: bytes[at] = (byte)random.Next(256); break;
                    case 1: bytes.RemoveRange(at, Math.Min(random.Next(20), bytes.Count - at)); break;
                    default: bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(20), bytes.Count - at))); break;
                }
            }

            File.WriteAllBytes(folder["c.csv"], [.. bytes]);
            try
            {
                var run = CurveFile.Read(folder["c.csv"]);
                ReturnReport.ToMarkdown([new TaskRuns(run.Task, [run], [Published("mbpo", (5000, 1))], 3)]);
            }
            catch (RunDataException)
            {
                refused++;
            }
        }

        Assert.That(refused, Is.InRange(200, 1990), "most changes are seen, and those of a digit need not be");
    }

    [Test]
    public void Names_of_several_lines_become_one_line()
    {
        using var folder = new TemporaryFolder();
        CurveFile.Write(folder["c.csv"], Run(1, (1000, 5)) with { Label = "a\nstep,return,length,seconds\n1,1,1,1", Task = new string('t', 300) });
        var run = CurveFile.Read(folder["c.csv"]);
        Assert.Multiple(() =>
        {
            Assert.That(run.Label, Is.EqualTo("a step,return,length,seconds 1,1,1,1"));
            Assert.That(run.Task, Has.Length.EqualTo(200));
            Assert.That(run.Evaluations, Has.Count.EqualTo(1));
        });
    }

    [Test]
    public void A_run_that_has_evaluated_nothing_has_no_curve()
    {
        using var folder = new TemporaryFolder();
        Assert.That(() => CurveFile.Write(folder["c.csv"], Run(1)), Throws.TypeOf<RunDataException>().With.Message.Contains("has not evaluated"));
        Assert.That(File.Exists(folder["c.csv"]), Is.False);
    }

    private static RecordedRun Read(string text)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["c.csv"], text);
        return CurveFile.Read(folder["c.csv"]);
    }
}
