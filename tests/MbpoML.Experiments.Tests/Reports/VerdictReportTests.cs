using System.Xml.Linq;
using MbpoML.Algorithms.Offline.Verdicts;
using MbpoML.Experiments.Reports.Verdicts;
using MbpoML.Tests;

namespace MbpoML.Experiments.Tests.Reports;

/// <summary>The page of a verdict says everything that the verdict stands on, and is well formed whatever the numbers are.</summary>
[Category("Text")]
public class VerdictReportTests
{
    [Test]
    public void Both_pages_tell_verdict_reasons_numbers_and_wanted_data()
    {
        using var folder = new TemporaryFolder();
        VerdictReport.Write(PlantedVerdict.Report, folder["verdict"], "policy.zip by <plant>.csv");
        var (markdown, html) = (File.ReadAllText(folder["verdict", "report.md"]), File.ReadAllText(folder["verdict", "report.html"]));
        Assert.Multiple(() =>
        {
            foreach (var page in (string[])[markdown, html])
            {
                Assert.That(page, Does.Contain("Not decidable from this log"));
                Assert.That(page, Does.Contain("The other does not.").And.Contain("Record rows with action 0 above 0.8."));
                Assert.That(page, Does.Contain("clone of the log").And.Contain("9.1").And.Contain("88 %"));
                Assert.That(page, Does.Not.Contain("<plant>"));
            }

            Assert.That(markdown, Does.Contain("| Fitted Q evaluation, discounted value | 11 (10 to 12) |"));
        });
    }

    [Test]
    public void Pictures_are_well_formed_also_where_numbers_are_none()
    {
        using var folder = new TemporaryFolder();
        VerdictReport.Write(PlantedVerdict.Report, folder.FullName, "title");
        string[] pictures = [.. Directory.EnumerateFiles(folder.FullName, "*.svg")];
        Assert.That(pictures, Has.Length.EqualTo(4));
        foreach (var picture in pictures)
        {
            var text = File.ReadAllText(picture);
            Assert.That(() => XDocument.Parse(text), Throws.Nothing);
            Assert.That(text, Does.Not.Contain("NaN").And.Not.Contain("Infinity"));
        }
    }

    // On simglucose a model did so.
    [Test]
    public void A_model_whose_errors_leave_the_range_of_numbers_is_drawn_as_far_as_it_goes()
    {
        using var folder = new TemporaryFolder();
        foreach (var errors in (double[][])[[0.1, 0.2, double.NaN], [double.NaN, double.NaN, double.NaN]])
        {
            var calibration = PlantedVerdict.Report.Calibration with { ErrorBySteps = errors };
            VerdictReport.Write(PlantedVerdict.Report with { Calibration = calibration }, folder.FullName, "title");
            Assert.That(File.ReadAllText(folder["foretelling.svg"]), Does.Not.Contain("NaN").And.Contain("nothing changes"));
        }
    }

    [Test]
    public void Each_verdict_has_its_words()
    {
        using var folder = new TemporaryFolder();
        foreach (var verdict in Enum.GetValues<OfflineVerdict>())
        {
            VerdictReport.Write(PlantedVerdict.Report with { Verdict = verdict }, folder.FullName, "title");
            Assert.That(File.ReadAllText(folder["report.html"]), Does.Contain($"class=\"verdict {verdict}\"").And.Contain($".{verdict}"), "with a color");
        }

        Assert.That(Enum.GetValues<OfflineVerdict>().Select(VerdictReport.NameOf), Is.Unique);
    }

    [Test]
    public void An_axis_has_thousands_without_an_exponent()
    {
        using var folder = new TemporaryFolder();
        var model = PlantedVerdict.Estimate("Members of the model", [-1460, -1200], [-900], -395, new EstimatedGain(-700, 900));
        VerdictReport.Write(PlantedVerdict.Report with { Model = model }, folder.FullName, "title");
        Assert.That(File.ReadAllText(folder["model.svg"]), Does.Contain(">-1460<").And.Contain(">-395<").And.Not.Contain("E+"));
    }
}
