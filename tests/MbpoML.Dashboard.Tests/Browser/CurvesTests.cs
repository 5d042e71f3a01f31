using MbpoML.Dashboard.Tests.Web;

namespace MbpoML.Dashboard.Tests.Browser;

/// <summary>What the page computes, on numbers whose answers are known.</summary>
public class CurvesTests
{
    [Test]
    public async Task Smoothing_bands_common_steps_and_tables_are_right()
    {
        await using var site = await OpenSite.StartAsync();
        await using var open = await ChromiumOfTests.OpenAsync();
        await open.GoAsync(site.Server.Address);
        async Task<string> Of(string expression) => await open.Page.EvaluateAsync<string>($"JSON.stringify((({{ curves }}) => {expression})(window.mbpo))");
        Assert.Multiple(async () =>
        {
            // s1 = 1, s2 = (0.5·0.5·1 + 0.5·4) / 0.75 = 3: the first values pull nothing towards zero.
            Assert.That(await Of("curves.smooth([1, 4, 4], 0.5).map((value) => Math.round(1e6 * value) / 1e6)"), Is.EqualTo("[1,3,3.571429]"));
            Assert.That(await Of("curves.smooth([1, 4], 0)"), Is.EqualTo("[1,4]"));
            Assert.That(await Of("curves.smooth([5, 5, 5], 0.9).every((value) => Math.abs(value - 5) < 1e-12)"), Is.EqualTo("true"));
            Assert.That(await Of("curves.at([10, 20, 40], [1, 2, 4], [5, 10, 15, 30, 40, 41])"), Is.EqualTo("[null,1,1.5,3,4,null]"));
            Assert.That(await Of("curves.places([[1, 3], [2, 3], []])"), Is.EqualTo("[1,2,3]"));
            Assert.That(await Of("[curves.places([Array.from({ length: 9999 }, (_, i) => i)])].map((all) => [all.length, all[0], all[all.length - 1]])[0]"),
                Is.EqualTo("[1500,0,9998]"));
            // Of 1, 2, 6: mean 3, sample deviation √7, standard error √(7/3).
            Assert.That(
                await Of("[curves.band([[1], [2], [6]], 'deviation')].map((b) => [b.mean[0], (b.high[0] - 3) ** 2, (3 - b.low[0]) ** 2, b.runs[0]]" +
                    ".map((v) => Math.round(1e6 * v) / 1e6))[0]"),
                Is.EqualTo("[3,7,7,3]"));
            Assert.That(await Of("Math.round(1e6 * (curves.band([[1], [2], [6]], 'error').high[0] - 3) ** 2) / 1e6"), Is.EqualTo("2.333333"));
            Assert.That(await Of("[curves.band([[1], [2], [6]], 'range')].map((b) => [b.low[0], b.high[0]])[0]"), Is.EqualTo("[1,6]"));
            Assert.That(await Of("curves.band([[1, null], [3, null]], 'deviation').mean"), Is.EqualTo("[2,null]"), "where no run is, nothing is");
            Assert.That(await Of("curves.csv([['a,b', 'say \"x\"', '=1+1', null, 0.1], ['line\\nbreak', '-1', -1, 2, 3]])"),
                Is.EqualTo("\"\\\"a,b\\\",\\\"say \\\"\\\"x\\\"\\\"\\\",'=1+1,,0.1\\n\\\"line\\nbreak\\\",'-1,-1,2,3\\n\""));
        });
        open.MustHaveNoErrors();
    }
}
