using MbpoML.Tests;

namespace MbpoML.Tool.Tests.Commands;

[Category("Text")]
public class ClusterTests
{
    [TestCase("with --redis", "--store", "STORE")]
    [TestCase("with --store", "--redis", "localhost:1")]
    [TestCase("Slots is 0", "--redis", "localhost:1", "--store", "STORE", "--slots", "0")]
    [TestCase("Collectors is -1", "--redis", "localhost:1", "--store", "STORE", "--collectors", "-1")]
    [TestCase("Redis is 'a:1,x=y'", "--redis", "a:1,x=y", "--store", "STORE")]
    [TestCase("Name is 'a b'", "--redis", "localhost:1", "--store", "STORE", "--cluster-name", "a b")]
    [TestCase("--lease is 0", "--redis", "localhost:1", "--store", "STORE", "--lease", "0")]
    [TestCase("LeaseTime is 0.5 s", "--redis", "localhost:1", "--store", "STORE", "--lease", "0.5")]
    [TestCase("Address is 'here'", "--redis", "localhost:1", "--store", "STORE", "--address", "here")]
    [TestCase("SiloPort is 70000", "--redis", "localhost:1", "--store", "STORE", "--silo-port", "70000")]
    [TestCase("both 5000", "--redis", "localhost:1", "--store", "STORE", "--silo-port", "5000", "--gateway-port", "5000")]
    public void A_worker_that_cannot_be_is_refused(string message, params string[] arguments)
    {
        using var folder = new TemporaryFolder();
        ToolResult.Of(["cluster", "worker", .. arguments.Select(argument => argument == "STORE" ? folder["store"] : argument)])
            .MustFail(ExitCodes.BadArguments, message);
    }

    [TestCase("--collectors is 0", "--collectors", "0")]
    [TestCase("EnvironmentsAtOnce", "--collectors", "1001")]
    [TestCase("--lease is 0", "--collectors", "2", "--lease", "0")]
    public void A_run_that_collectors_cannot_step_is_refused(string message, params string[] arguments)
    {
        using var folder = new TemporaryFolder();
        ToolResult.Of(["train", "Pendulum", "--out", folder["run"], .. arguments]).MustFail(ExitCodes.BadArguments, message);
        Assert.That(Directory.Exists(folder["run"]), Is.False);
    }

    [Test]
    public void A_run_that_finds_no_collectors_has_not_begun()
    {
        using var folder = new TemporaryFolder();
        ToolResult.Of("train", "Pendulum", "--out", folder["run"], "--collectors", "2", "--redis", "a:1,x=y")
            .MustFail(ExitCodes.BadArguments, "Redis is 'a:1,x=y'");
        Assert.That(File.Exists(Path.Combine(folder["run"], "options.json")), Is.False, "the same command may be given again");
    }

    [Test]
    public void A_run_with_collectors_in_this_process_tells_its_books()
    {
        using var folder = new TemporaryFolder();
        var trained = ToolResult.Of(
            "train", "Pendulum", "--algorithm", "sac", "--out", folder["run"], "--steps", "60", "--collectors", "2", "--set",
            "Trainer.InitialExplorationSteps=40", "Trainer.EpochLength=20", "Trainer.EvaluationEpisodes=0", "Policy.HiddenSizes=[8]");
        Assert.That(trained.Code, Is.Zero, trained.Errors);
        Assert.That(trained.Output, Does.Contain("Collectors: 62 calls asked for, 62 delivered, 0 failed, 0 cancelled"));
    }

    [TestCase("add --cluster", "--redis", "localhost:1")]
    [TestCase("with --store", "--cluster", "--redis", "localhost:1")]
    [TestCase("--parallel is decided by the --slots", "--cluster", "--redis", "localhost:1", "--parallel", "2")]
    public void A_study_that_cannot_be_given_to_a_cluster_is_refused(string message, params string[] arguments)
    {
        using var folder = new TemporaryFolder();
        Assert.That(ToolResult.Of(
            "study", "new", folder["study"], "Pendulum", "--space", "Policy.LearningRate=1e-4..1e-2 log", "--trials", "1").Code, Is.Zero);
        ToolResult.Of(["study", "run", folder["study"], .. arguments]).MustFail(ExitCodes.BadArguments, message);
    }
}
