using MbpoML.Numerics.Kernels;
using MbpoML.Numerics.Torch;
using static TorchSharp.torch;

namespace MbpoML.Environments.Functions;

/// <summary>Compares what termination and reward functions say of real transitions with what the environment said of them.</summary>
/// <remarks>
/// A function sees float32 numbers where the environment had doubles. So a different answer counts only where it stays different when the transition is moved a
/// little. A threshold may lie between a number and its rounding. A reward may be as inexact as the numbers that it is computed from.
/// </remarks>
internal static class FunctionAgreement
{
    // Part of a number by which a threshold may be missed.
    private const double Border = 1e-5;

    // Some two units in the last place: what rounding does to the numbers that a reward is computed from.
    private const double Rounding = 2.5e-7;

    // Rewards are as exact as float32 arithmetic of a few dozen operations.
    private const double RelativeTolerance = 1e-4, AbsoluteTolerance = 1e-6;

    // A reward is taken to be off by at most so many times what the moved transitions show.
    private const double Safety = 4;

    // Moved copies of a transition: each of its numbers up or down at random.
    private const int Variants = 64;

    // Transitions that are looked at closely in one call.
    private const int MostSuspects = 256;

    /// <summary>The functions that claim to say what the environment says; null for the others.</summary>
    public static (ITerminationFunction? Termination, IRewardFunction? Reward) Comparable(ITerminationFunction? termination, IRewardFunction? reward) =>
        (termination is IApproximateFunction ? null : termination, reward is IApproximateFunction ? null : reward);

    /// <summary>Compares terminations.</summary>
    /// <param name="function">The function.</param>
    /// <param name="observation">[rows, observation]</param>
    /// <param name="action">[rows, action]</param>
    /// <param name="nextObservation">[rows, observation]</param>
    /// <param name="terminated">[rows], 0 or 1: what the environment said.</param>
    /// <returns>The first difference, or null.</returns>
    /// <exception cref="InvalidOperationException">The function returned null, or a tensor of another shape or type than asked for.</exception>
    public static FunctionDifference? OfTermination(ITerminationFunction function, Tensor observation, Tensor action, Tensor nextObservation, Tensor terminated)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var said = terminated.to(ScalarType.Bool);
        var suspects = Rows(Ask(observation, action, nextObservation).logical_xor(said));
        return First(suspects, row =>
        {
            using var inner = NewDisposeScope();
            var ended = said[row].item<bool>();
            var (moved, movedAction, movedNext) = Moved(observation, action, nextObservation, row, Border);
            var isAtBorder = Ask(moved, movedAction, movedNext).logical_xor(tensor(ended)).logical_not().any().item<bool>();
            return isAtBorder ? null : (ended ? 1 : 0, ended ? 0 : 1);
        });

        Tensor Ask(Tensor from, Tensor by, Tensor to) =>
            TensorCheck.Column(function.Evaluate(from, by, to), from.shape[0], ScalarType.Bool, "The termination function").cpu();
    }

    /// <summary>Compares rewards.</summary>
    /// <param name="function">The function.</param>
    /// <param name="observation">[rows, observation]</param>
    /// <param name="action">[rows, action]</param>
    /// <param name="nextObservation">[rows, observation]</param>
    /// <param name="reward">[rows]: what the environment gave.</param>
    /// <returns>The first difference, or null.</returns>
    /// <exception cref="InvalidOperationException">The function returned null, or a tensor of another shape or type than asked for.</exception>
    public static FunctionDifference? OfReward(IRewardFunction function, Tensor observation, Tensor action, Tensor nextObservation, Tensor reward)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var (given, answers) = (reward.cpu(), Ask(observation, action, nextObservation));
        // What is not a number is no agreement.
        var agreed = (answers - given).abs().less_equal(given.abs().maximum(answers.abs()).Times(RelativeTolerance).Plus(AbsoluteTolerance));
        return First(Rows(agreed.logical_not()), row =>
        {
            using var inner = NewDisposeScope();
            var (said, answer) = ((double)given[row].item<float>(), (double)answers[row].item<float>());
            var (moved, movedAction, movedNext) = Moved(observation, action, nextObservation, row, Rounding);
            var spread = Ask(moved, movedAction, movedNext).Plus(-answer).abs().max().item<float>();
            var tolerance = (RelativeTolerance * Math.Max(Math.Abs(said), Math.Abs(answer))) + AbsoluteTolerance + (Safety * spread);
            return Math.Abs(answer - said) <= tolerance ? null : (said, answer);
        });

        Tensor Ask(Tensor from, Tensor by, Tensor to) =>
            TensorCheck.Column(function.Evaluate(from, by, to), from.shape[0], ScalarType.Float32, "The reward function").cpu();
    }

    private static long[] Rows(Tensor mask) => mask.nonzero().squeeze(1).data<long>().ToArray();

    private static FunctionDifference? First(long[] suspects, Func<long, (double Said, double Function)?> look)
    {
        foreach (var row in suspects.Take(MostSuspects))
            // What follows a true difference is hardly ever rounding.
            if (look(row) is var (said, function)) return new FunctionDifference(row, said, function, suspects.Count(other => other >= row));
        return null;
    }

    // Copies of one transition with all numbers moved by a part of themselves, each up or down.
    private static (Tensor Observation, Tensor Action, Tensor NextObservation) Moved(
        Tensor observation, Tensor action, Tensor nextObservation, long row, double part)
    {
        var whole = cat([observation.narrow(0, row, 1), action.narrow(0, row, 1), nextObservation.narrow(0, row, 1)], 1);
        // The same signs for every transition: whether two numbers agree must not depend on chance.
        using var random = new Generator(1);
        var signs = randint(2, [Variants, whole.shape[1]], ScalarType.Float32, generator: random).Times(2).Plus(-1).to(whole.device);
        // Zero, too, has neighbours.
        var moved = whole.Plus(signs * whole.abs().Times(part).Plus(1e-30));
        var (states, actions) = (observation.shape[1], action.shape[1]);
        return (moved.narrow(1, 0, states), moved.narrow(1, states, actions), moved.narrow(1, states + actions, states));
    }
}
