using MbpoML.Evaluation.Diagnostics;
using MbpoML.Tests;
using MbpoML.Tool.Commands.Diagnose;

namespace MbpoML.Tool.Tests.Commands.Diagnose;

[Category("Text")]
public class HorizonPictureTests
{
    [Test]
    public void A_model_that_diverges_is_drawn_and_told_up_to_there()
    {
        var picture = new HorizonPicture(
            "Task", [("calm", Error([0.1, 0.2, 0.4], [0.1, 0.1, 0.1])), ("wild", Error([0.3, 2e5, double.NaN], [0.3, 0.5, double.PositiveInfinity]))]);
        var plot = picture.Draw();
        using var folder = new TemporaryFolder();
        plot.SavePng(folder["horizon.png"]);
        Assert.Multiple(() =>
        {
            Assert.That(plot.Series.Select(series => series.X), Has.All.EqualTo(new[] { 1.0, 2 }));
            Assert.That(plot.Series.Select(series => series.Name), Is.EqualTo(new[]
            {
                "error of the model's mean, calm", "error of the model's mean, wild", "error of the model's mean",
                "spread: how unsure the model is, calm", "spread: how unsure the model is, wild", "spread: how unsure the model is",
            }));
            Assert.That(plot.Series[2].Y, Is.EqualTo(new[] { 0.2, 100_000.1 }).Within(1e-9));
            Assert.That(picture.Remarks,
                Is.EqualTo(new[] { "'wild': what the model imagines leaves the range of numbers after 2 steps; drawn up to step 2." }));
            Assert.That(Rows(picture), Is.EqualTo(new[] { "1 0.200 0.141 0.200 0.141", "2 1.00e5 1.41e5 0.300 0.283" }));
            Assert.That(() => new HorizonPicture("Task", [("lost", Error([double.NaN], [1]))]),
                Throws.InstanceOf<RunDataException>().With.Message.Contains("'lost'").And.Message.Contains("first step"));
        });
    }

    [Test]
    public void What_is_0_has_no_place_on_a_logarithmic_axis()
    {
        var picture = new HorizonPicture("Task", [("run", Error([0, 0.2, 0.3], [0, 0, 0]))]);
        Assert.Multiple(() =>
        {
            Assert.That(picture.Draw().Series.Single().X, Is.EqualTo(new[] { 2.0, 3 }));
            Assert.That(picture.Remarks, Is.EqualTo(new[] { "4 points of error or spread are 0 and left out, as a logarithmic axis has no place for them." }));
            Assert.That(() => new HorizonPicture("Task", [("run", Error([0], [0]))]).Draw(),
                Throws.InstanceOf<RunDataException>().With.Message.Contains("nothing to draw"));
        });
    }

    [Test]
    public void Of_how_many_places_it_tells_stands_in_note_and_table()
    {
        var one = new HorizonPicture("Task", [("run", Error([0.1, 0.2], [0.1, 0.2], usable: 0.51, terminated: 0.4))]);
        var two = new HorizonPicture("Task", [("first", Error([0.1, 0.2], [0.1, 0.2], 0.5, 0.4)), ("second", Error([0.1, 0.2], [0.1, 0.2], 0.01, 0.99))]);
        Assert.Multiple(() =>
        {
            Assert.That(one.Draw().Note, Is.EqualTo("51 % of all places have 2 more steps and count, 40 % lie before a termination"));
            Assert.That(two.Draw().Note, Is.EqualTo("means of 2 runs (thin); 26 % of all places have 2 more steps and count, 70 % lie before a termination"));
            Assert.That(one.Shares.Select(series => (series.Name, series.X[0], series.Y[0])), Is.EqualTo(new[]
            {
                ("share of places with a horizon of steps after them", 2.0, 0.51), ("share of places before a termination within the horizon", 2, 0.4),
            }));
            Assert.That(two.Shares.Select(series => series.Y[0]), Is.EqualTo(new[] { 0.5, 0.4, 0.01, 0.99 }));
            Assert.That(two.Shares[2].Name, Does.EndWith(", second"));
        });
    }

    [Test]
    public void A_single_run_has_no_deviation()
    {
        var picture = new HorizonPicture("Task", [("run", Error([0.1], [0.2]))]);
        Assert.That(Rows(picture), Is.EqualTo(new[] { "1 0.100 - 0.200 -" }));
        Assert.That(picture.Draw().Series.Select(series => series.Name), Is.EqualTo(new[] { "error of the model's mean", "spread: how unsure the model is" }));
    }

    private static HorizonError Error(double[] error, double[] spread, double usable = 1, double terminated = 0) =>
        new(error, spread, Starts: 10, usable, terminated);

    private static string[] Rows(HorizonPicture picture) => TableText.Rows(picture.Table());
}
