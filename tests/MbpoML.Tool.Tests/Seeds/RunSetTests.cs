using MbpoML.Tests;
using MbpoML.Tool.Runs;

namespace MbpoML.Tool.Tests.Seeds;

public class RunSetTests
{
    [Test]
    public void What_a_process_says_before_it_ends_is_not_followed_by_a_claim_that_it_said_nothing()
    {
        using var folder = new TemporaryFolder();
        RunFolder[] runs = [new(folder["a"]), new(folder["b"])];
        using var taken = new Disposables<TakenRun>(TakenRun.Claim(runs));
        foreach (var run in runs) File.WriteAllText(run.Options, "{}");

        using var output = new StringWriter();
        using var errors = new StringWriter();
        var code = RunSet.Run(taken.All, parallel: 2, new ToolConsole(output, errors, IsLive: false));
        Assert.Multiple(() =>
        {
            Assert.That(code, Is.EqualTo(ExitCodes.Failed));
            Assert.That(errors.ToString(), Does.Contain("a: ").And.Contain("b: ").And.Contain("it names no task").And.Not.Contain("without saying why"));
        });
    }
}
