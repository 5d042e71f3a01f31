using MbpoML.Plotting;
using MbpoML.Tests;

namespace MbpoML.Tool.Tests.Commands;

[Category("Text")]
public class PlotTests
{
    [TestCase(".png", new byte[] { 0x89, (byte)'P', (byte)'N', (byte)'G' })]
    [TestCase(".svg", new[] { (byte)'<' })]
    public void A_picture_and_its_numbers_are_written(string extension, byte[] beginning)
    {
        using var folder = new TemporaryFolder();
        var picture = folder[$"curves{extension}"];
        var result = ToolResult.Of("plot", TrainedRun.Folder, "--out", picture);
        Assert.Multiple(() =>
        {
            Assert.That(result.Code, Is.Zero, result.Errors);
            Assert.That(File.ReadAllBytes(picture)[..beginning.Length], Is.EqualTo(beginning));
            Assert.That(File.ReadAllLines(folder["curves.csv"]), Has.Length.EqualTo(3)
                .And.ItemAt(0).EqualTo("algorithm,seeds,step,return_mean,return_std").And.ItemAt(1).Matches(@"^MBPO \(9 options changed\),1,200,-\d+\.\d+,0$"));
        });
    }

    [Test]
    public void A_run_that_has_evaluated_nothing_cannot_be_drawn()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["run"]);
        File.Copy(Path.Combine(TrainedRun.Folder, "options.json"), folder["run", "options.json"]);
        var result = ToolResult.Of("plot", folder.FullName, "--out", folder["x.png"]);
        result.MustFail(ExitCodes.Failed, "None of these runs has evaluated its policy yet");
    }

    [Test]
    public void A_seed_that_ended_early_shortens_no_curve()
    {
        using var folder = new TemporaryFolder();
        RecordedEvaluations.Write(folder["runs", "seed-1"], "Hopper", 1, (1000, 10), (2000, 20), (3000, 30));
        RecordedEvaluations.Write(folder["runs", "seed-2"], "Hopper", 2, (1000, 30));
        Assert.That(Curve(folder, folder["runs"]), Is.EqualTo(new[] { "MBPO,2,1000,20,14.142135623730951", "MBPO,1,2000,20,0", "MBPO,1,3000,30,0" }));
    }

    [Test]
    public void A_copy_of_a_run_is_no_further_seed()
    {
        using var folder = new TemporaryFolder();
        RecordedEvaluations.Write(folder["hopper", "seed-1"], "Hopper", 1, (1000, 10), (2000, 20));
        RecordedEvaluations.Write(folder["hopper-before", "seed-1"], "Hopper", 1, (1000, 10));
        var errors = "";
        var curve = Curve(folder, folder["hopper*"], said => errors = said);
        Assert.Multiple(() =>
        {
            Assert.That(curve, Is.EqualTo(new[] { "MBPO,1,1000,10,0", "MBPO,1,2000,20,0" }));
            Assert.That(errors, Does.Contain($"Left out: '{folder["hopper-before", "seed-1"]}' is the same run as '{folder["hopper", "seed-1"]}'"));
        });
    }

    [Test]
    public void What_a_pattern_brings_along_is_left_out_with_a_word()
    {
        using var folder = new TemporaryFolder();
        RecordedEvaluations.Write(folder["hopper-1"], "Hopper", 1, (1000, 10));
        RecordedEvaluations.Write(folder["hopper-2"], "Hopper", 2);
        Directory.CreateDirectory(folder["hopper-3"]);
        File.WriteAllText(folder["hopper-all.png"], "a picture");
        var result = ToolResult.Of("plot", folder["hopper-1"], folder["hopper-2"], folder["hopper-3"], folder["hopper-all.png"], "--out", folder["x.png"]);
        Assert.Multiple(() =>
        {
            Assert.That(result.Code, Is.Zero);
            Assert.That(result.Errors, Does.Contain($"'{folder["hopper-2"]}' has not evaluated").And.Contain($"'{folder["hopper-3"]}' holds no run")
                .And.Contain($"'{folder["hopper-all.png"]}' holds no run"));
            ToolResult.Of("plot", folder["hopper-1"], folder["hoper-2"], "--out", folder["x.png"])
                .MustFail(ExitCodes.BadArguments, $"There is no run in '{folder["hoper-2"]}'");
            ToolResult.Of("plot", folder["hopper-3"], "--out", folder["x.png"]).MustFail(ExitCodes.BadArguments, $"There is no run in '{folder["hopper-3"]}'");
        });
    }

    // Names may follow the option, and so may the runs.
    [TestCase("RUN --published", "mbpo macura dhmbpo dhmbpo-utd2")]
    [TestCase("--published RUN", "mbpo macura dhmbpo dhmbpo-utd2")]
    [TestCase("--published macura,xqc RUN", "macura xqc")]
    [TestCase("RUN --published=dhmbpo", "dhmbpo")]
    [TestCase("RUN", "")]
    public void Published_curves_are_drawn_where_they_are_asked_for(string arguments, string expected)
    {
        using var folder = new TemporaryFolder();
        RecordedEvaluations.Write(folder["run"], "Hopper", 1, (1000, 10), (60_000, 20));
        var named = arguments.Split(' ').Select(argument => argument == "RUN" ? folder["run"] : argument);
        var result = ToolResult.Of(["plot", .. named, "--out", folder["x.svg"]]);
        Assert.That(result.Code, Is.Zero, result.Errors);
        var table = File.ReadAllText(folder["x.csv"]).Replace("\"", "", StringComparison.Ordinal);
        Assert.That(PublishedCurves.Algorithms.Where(algorithm => table.Contains($"\n{algorithm.Label} as published,", StringComparison.Ordinal))
            .Select(algorithm => algorithm.Name), Is.EqualTo(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        Assert.That(result.Output.Contains("Published: ", StringComparison.Ordinal), Is.EqualTo(expected.Length > 0), "their source is told");
    }

    [Test]
    public void Curves_of_runs_are_written_and_drawn_like_them()
    {
        using var folder = new TemporaryFolder();
        RecordedEvaluations.Write(folder["runs", "seed-1"], "Hopper", 1, (1000, 10), (2000, 20));
        RecordedEvaluations.Write(folder["runs", "seed-2"], "Hopper", 2, (1000, 30), (2000, 40));
        var expected = Curve(folder, folder["runs"]);
        var written = ToolResult.Of("plot", folder["runs"], "--curves", folder["curves"], "--out", folder["x.png"]);
        Assert.That(written.Output, Does.StartWith($"wrote 2 curves to {folder["curves"]}"));
        Assert.That(Curve(folder, folder["curves", "mbpo", "Hopper"]), Is.EqualTo(expected));
    }

    // The lines below the head of the table beside the picture.
    private static string[] Curve(TemporaryFolder folder, string runs, Action<string>? errors = null)
    {
        var result = ToolResult.Of("plot", runs, "--out", folder["x.png"]);
        Assert.That(result.Code, Is.Zero, result.Errors);
        errors?.Invoke(result.Errors);
        return File.ReadAllLines(folder["x.csv"])[1..];
    }
}
