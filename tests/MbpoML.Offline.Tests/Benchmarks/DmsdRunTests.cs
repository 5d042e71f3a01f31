using MbpoML.Algorithms.Offline;
using MbpoML.Benchmarks.Offline;

namespace MbpoML.Offline.Tests.Benchmarks;

/// <summary>Fits of the benchmark with different settings have different folders, so that none finds the checkpoints of another.</summary>
[Category("Text")]
public class DmsdRunTests
{
    [TestCase("mopo-1", "mopo", false)]
    [TestCase("mopo-1-known-reward", "mopo", true)]
    [TestCase("td3bc-1", "td3bc", true, Description = "a method without a model has no use for it")]
    [TestCase("mopo-1-Options.Penalty=3", "mopo", false, "Options.Penalty=3")]
    [TestCase("mopo-1-known-reward-Options.Penalty=1-Policy.HiddenSizes=_32__32_", "mopo", true, "Options.Penalty=1", "Policy.HiddenSizes=[32, 32]")]
    public void The_folder_is_named_after_the_settings(string expected, string algorithm, bool isRewardKnown, params string[] set) =>
        Assert.That(new DmsdRun(algorithm, seed: 1, set, isRewardKnown).Folder("dmsd"), Is.EqualTo(Path.Combine("dmsd", expected)));

    [Test]
    public void The_settings_are_those_of_the_fit()
    {
        var options = (MopoTrainer.Options)new DmsdRun("mopo", seed: 7, ["Options.Penalty=3"], isRewardKnown: true).Preset.Options;
        Assert.Multiple(() =>
        {
            Assert.That((options.Penalty, options.Seed), Is.EqualTo((3.0, (int?)7)));
            Assert.That(options.Reward, Is.SameAs(DmsdEnvironment.KnownReward));
            Assert.That(options.SetPoints, Is.EqualTo(new[] { 4, 5 }));
        });
    }
}
