using MbpoML.Acting;
using MbpoML.Algorithms.Offline;
using MbpoML.Algorithms.Offline.Verdicts;
using MbpoML.Data;
using MbpoML.Environments;
using MbpoML.Numerics.Random;
using Microsoft.ML;
using static TorchSharp.torch;

namespace MbpoML.Offline.Tests.Verdicts;

/// <summary>
/// A judge's model meets the set points that were logged. The plant: x' = 0.5 x + a, and a set point that jumps in each fifth step. Reward:
/// -(x' - set point)². Controller: a = set point / 2.
/// </summary>
public class ReplayedSetPointTests
{
    private const int Steps = 20;

    private static readonly BoxSpace Actions = BoxSpace.Uniform(1, -9, 9);

    [Test]
    public void With_the_logged_set_points_a_perfect_model_foretells_returns_exactly()
    {
        var (calibration, logged) = Calibrate([1]);
        Assert.Multiple(() =>
        {
            Assert.That(calibration.ReturnBias, Is.EqualTo(0).Within(1e-3 * Math.Abs(logged)));
            Assert.That(calibration.ReturnCorrelation, Is.GreaterThan(0.999));
            Assert.That(calibration.ErrorBySteps.Max(), Is.LessThan(1e-3));
        });
    }

    [Test]
    public void Without_them_it_cannot()
    {
        var (calibration, logged) = Calibrate([]);
        Assert.That(Math.Abs(calibration.ReturnBias), Is.GreaterThan(0.1 * Math.Abs(logged)), "here set points never jump");
    }

    private static (ModelCalibration Calibration, double Logged) Calibrate(int[] setPoints)
    {
        using var log = Log();
        using var learner = new Planted(new MembersModel(log.Layout, 2, (observation, action) =>
        {
            var (place, setPoint) = (observation.narrow(1, 0, 1), observation.narrow(1, 1, 1));
            var next = place.mul(0.5).add(action);
            var mean = cat([next.sub(setPoint).square().neg(), next, setPoint], 1).unsqueeze(0).expand(2, -1, -1).clone();
            return (mean, full_like(mean, 1e-6));
        }));
        var windows = new LogWindows(log, horizon: Steps);
        using var all = arange(log.Rows.size(0), ScalarType.Int64);
        var starts = windows.Starts(all.data<long>().ToArray(), most: 40, enough: 20);
        var calibration = new JudgedModel(log, windows, learner, new OfflineJudge.Options { SetPoints = setPoints }, new SetPoints(setPoints), seed: 1)
            .Calibrate(all, starts, new HalfOfSetPoint());
        return (calibration, starts.Average(start => windows.Return(start)));
    }

    private static OfflineLog Log()
    {
        var random = new RandomSource(3);
        var transitions = new List<Transition>();
        for (var episode = 0; episode < 40; episode++)
        {
            var (place, setPoint) = (random.NextUniform(-1, 1), random.NextUniform(-1, 1));
            for (var step = 0; step < Steps; step++)
            {
                var action = (0.5 * setPoint) + (0.1 * random.NextNormal());
                var next = (0.5 * place) + action;
                transitions.Add(new Transition
                {
                    Observation = [(float)place, (float)setPoint],
                    Action = [(float)action],
                    Reward = (float)-Math.Pow(next - setPoint, 2),
                    NextObservation = [(float)next, (float)(setPoint = step % 5 == 4 ? random.NextUniform(-1, 1) : setPoint)],
                    Truncated = step + 1 == Steps,
                });
                place = next;
            }
        }

        return OfflineLog.Read(new MLContext(1).Reinforcement().Data.FromTransitions(transitions), TransitionColumns.Default, null, Actions);
    }

    private sealed class HalfOfSetPoint : IPolicy
    {
        public int ObservationSize => 2;

        public BoxSpace ActionSpace => Actions;

        public Tensor Act(Tensor observation) => observation.narrow(1, 1, 1).mul(0.5);

        public Tensor Sample(Tensor observation, Generator generator) => Act(observation);
    }
}
