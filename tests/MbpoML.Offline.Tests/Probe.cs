using MbpoML.Algorithms.Offline;
using MbpoML.Algorithms.Offline.Verdicts;
using MbpoML.Data;
using MbpoML.Dynamics.Ensemble;
using MbpoML.Environments;
using MbpoML.Numerics.Random;
using MbpoML.Policies.SoftActorCritic;
using Microsoft.ML;

namespace MbpoML.Offline.Tests;

public class Probe
{
    [Test]
    public void Judge([Values(0.8, 0.3, 0.02)] double noise)
    {
        using var judge = Verdicts.OfflineJudgeTests.JudgeOf(LineLog.Of(episodes: noise > 0.1 ? 80 : 40, 0.4, noise));
        foreach (var gain in (double[])[-2, -1, -0.6, -0.2, 0.3])
        {
            var report = judge.Judge(LineLog.Linear(gain));
            Console.WriteLine($"J noise {noise} gain {gain} true {LineLog.Return(LineLog.Linear(gain)):F2}: {report.Verdict} out {report.Distance.PolicyOutside:F3} clone {report.Distance.CloneOutside:F3} cov {report.Calibration.Coverage90:F2} | {string.Join(" | ", report.Reasons)}");
        }
    }

    [Test]
    public void Narrow([Values] ModelUncertainty uncertainty, [Values(0, 1, 2)] int kind)
    {
        foreach (var penalty in (double[])[0, 1, 2.5, 5])
        {
            using var policy = NarrowLogTests.Fit(penalty, uncertainty, kind);
            Console.WriteLine($"N {uncertainty} kind {kind} penalty {penalty}: {NarrowLogTests.Reward(policy, kind):F3}");
        }
    }
}
