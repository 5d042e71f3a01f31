using MbpoML.Data;
using MbpoML.Data.Views;
using MbpoML.Numerics;
using MbpoML.Policies;
using MbpoML.Training;
using MbpoML.Training.Schedules;
using Microsoft.ML;
using Microsoft.ML.Data;
using static TorchSharp.torch;

namespace MbpoML.Tests.BadInput;

/// <summary>Data that looks odd but is good: it must be learned from, without a value that is not finite.</summary>
public class OddDataTests
{
    // Columns that do not vary at all, near zero, huge, and no float32 multiple of a round number.
    [TestCase(0f)]
    [TestCase(1e-30f)]
    [TestCase(1234567.1f)]
    public void Columns_without_variance_are_learned_from(float constant)
    {
        var options = Samples.TinyEnsemble();
        options.TargetNormalization = true;
        var view = Constant(20, constant);
        using var dynamics = Samples.Rl.Dynamics.ProbabilisticEnsemble(options).Fit(view);
        using var observation = full(4, 2, constant);
        using var action = zeros(4, 1);
        var (mean, deviation) = dynamics.Model.Predict(observation, action);
        Assert.That(Floats(mean).Concat(Floats(deviation)), Is.All.Matches<float>(float.IsFinite));
        // Not only where the data lies: a step beside it must not be blown up by a scale of nearly zero.
        (mean, _) = dynamics.Model.Predict(observation + Math.Max(constant * 1e-3f, 1e-3f), action);
        Assert.That(Floats(mean), Is.All.Matches<float>(value => Math.Abs(value) < 1e7));

        using var policy = Learn(view);
        Assert.That(float.IsFinite(policy.Act([constant, constant])[0]));
    }

    [Test]
    public void One_transition_is_enough_for_a_policy_and_for_a_rollout()
    {
        using var policy = Learn(Samples.View(1));
        Assert.That(float.IsFinite(policy.Act([0, 0])[0]));
        var imagined = Samples.Rl.Rollouts.Branched(Samples.Dynamics, Samples.SmallPolicy, length: 2).Fit(Samples.View(1)).Transform(Samples.View(1));
        Assert.That(imagined.GetRowCount(), Is.EqualTo(2));
        Assert.That(Samples.Dynamics.Evaluate(Samples.View(1)).Mixture.MeanSquaredError, Is.Not.NaN);
    }

    [Test]
    public void Two_transitions_are_enough_for_a_model()
    {
        using var dynamics = Samples.Rl.Dynamics.ProbabilisticEnsemble(Samples.TinyEnsemble()).Fit(Samples.View(2));
        Assert.That(dynamics.Report.HoldoutRows, Is.EqualTo(1));
    }

    [Test]
    public void No_rows_in_are_no_rows_out()
    {
        Assert.That(Samples.Dynamics.Transform(Samples.View(0)).GetColumn<float>("PredictedReward"), Is.Empty);
        using var sample = zeros(0, 2);
        Assert.That(Samples.Dynamics.Model.Predict(sample, zeros(0, 1)).Mean.shape, Is.EqualTo(new long[] { 0, 3 }));
        Assert.That(Samples.Dynamics.Model.Sample(sample, zeros(0, 1), Samples.Generator).NextObservation.shape, Is.EqualTo(new long[] { 0, 2 }));
        using var policy = Learn(Samples.View());
        Assert.That(policy.Transform(Samples.View(0)).GetColumn<float[]>("Action"), Is.Empty);
    }

    [Test]
    public void Of_columns_of_one_name_the_last_counts_as_everywhere_in_MLNET()
    {
        // The view now has two columns called Reward; ML.NET hides the first.
        var view = Samples.ML.Transforms.Expression("Reward", "r : r + 7f", "Reward").Fit(Samples.View()).Transform(Samples.View());
        using var table = TransitionReader.Read(view);
        using var plain = TransitionReader.Read(Samples.View());
        Assert.That(Floats(table.Layout.Reward(table.Rows)), Is.EqualTo(Floats(plain.Layout.Reward(plain.Rows) + 7)));
    }

    // On tensors only shapes are checked: a value that is not finite must not be hidden by what is computed from it.
    [TestCase(Acceleration.Auto)]
    [TestCase(Acceleration.Reference)]
    public void NaN_in_a_row_is_NaN_in_its_answer_and_in_no_other(Acceleration acceleration)
    {
        var (ensemble, actorCritic) = (Samples.TinyEnsemble(), Samples.TinyActorCritic());
        ensemble.Acceleration = actorCritic.Acceleration = acceleration;
        using var dynamics = Samples.Rl.Dynamics.ProbabilisticEnsemble(ensemble).Fit(Samples.View());
        using var learner = Samples.Rl.Policies.SoftActorCritic(actorCritic).CreateLearner(Samples.Layout, Samples.Actions, 1);
        using var observation = zeros(3, 2);
        using var action = zeros(3, 1);
        observation[1, 0] = tensor(float.NaN);
        Tensor[] answers =
        [
            dynamics.Model.Sample(observation, action, Samples.Generator).NextObservation,
            dynamics.Model.Sample(observation, action, Samples.Generator).Reward.unsqueeze(1),
            dynamics.Model.Predict(observation, action).Mean, learner.Act(observation), learner.Sample(observation, Samples.Generator),
        ];
        Assert.Multiple(() =>
        {
            foreach (var answer in answers) Assert.That(answer.isnan().any(1).data<bool>().ToArray(), Is.EqualTo(new[] { false, true, false }));
        });
        foreach (var answer in answers) answer.Dispose();
    }

    // Sums and products of such numbers are beyond an int, and some beyond a long.
    [TestCase(1)]
    [TestCase(int.MaxValue)]
    public void Numbers_as_large_as_an_int_holds_mean_without_limit(int modelTrainingInterval)
    {
        var preset = Samples.TinyPreset();
        preset.Trainer.Overlap = OverlappedStages.Environment;
        preset.Trainer.ModelTrainingInterval = modelTrainingInterval;
        preset.Trainer.ModelTrainingSchedule = ModelTrainingSchedule.Constant(int.MaxValue);
        preset.Trainer.RealPoolCapacity = preset.Trainer.EpochLength = preset.Trainer.MaxEpisodeSteps = preset.Trainer.ExplorationActionHold = int.MaxValue;
        preset.Dynamics.MaxHoldoutRows = preset.Dynamics.Patience = preset.Dynamics.BatchSize = int.MaxValue;
        preset.Dynamics.MaxOptimizerSteps = long.MaxValue;
        preset.Rollouts.RetainEpochs = int.MaxValue;
        using var policy = Samples.Rl.Mbpo(Samples.Environment(), preset).Fit();
        Assert.That(float.IsFinite(policy.Act([0, 0])[0]));
        preset.Trainer.ModelTrainingSchedule = null;
        Assert.That(preset.Fast().Trainer.ModelTrainingInterval, Is.EqualTo(modelTrainingInterval));
    }

    private static PolicyTransformer Learn(IDataView view)
    {
        var options = Samples.TinyActorCritic();
        options.StandardizeObservations = true;
        return Samples.Rl.Policies.SoftActorCritic(options).Fit(view);
    }

    private static DenseDataView Constant(int rows, float value)
    {
        float[] Values(int width) => [.. Enumerable.Repeat(value, rows * width)];
        return new DenseDataView.Builder()
            .AddVector("Observation", 2, Values(2)).AddVector("Action", 1, new float[rows]).AddScalar("Reward", Values(1))
            .AddVector("NextObservation", 2, Values(2))
            .AddBoolean("Terminated", new bool[rows]).Build();
    }

    private static float[] Floats(Tensor tensor) => tensor.contiguous().data<float>().ToArray();
}
