using MbpoML.Tests;

namespace MbpoML.Tool.Tests.Commands;

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
}
