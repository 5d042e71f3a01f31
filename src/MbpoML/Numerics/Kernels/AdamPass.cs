using System.Numerics;

namespace MbpoML.Numerics.Kernels;

/// <summary>The coefficients of one Adam step, and the step over any range of the parameters as one pass over memory on the CPU.</summary>
/// <param name="Beta1">Decay of the first moment.</param>
/// <param name="Beta2">Decay of the second moment.</param>
/// <param name="Rate">The learning rate over the first moment's correction.</param>
/// <param name="RootCorrection">What corrects the root of the second moment.</param>
/// <param name="Epsilon">Added to the corrected root.</param>
/// <remarks>Every parameter is on its own: how a range is cut into parts, over threads for instance, changes no bit of the result.</remarks>
internal readonly record struct AdamPass(double Beta1, double Beta2, double Rate, double RootCorrection, double Epsilon)
{
    // Moments of units that went silent sink into denormal numbers, which make the pass several times slower: below this they count as zero.
    private const float Negligible = 1e-30f;

    /// <summary>Moves parameters and moments by this step. All spans have the same length, but the follower may be empty.</summary>
    /// <param name="parameters">Changed in place.</param>
    /// <param name="gradient">The gradient of the loss without the decay.</param>
    /// <param name="first">m, changed in place.</param>
    /// <param name="second">v, changed in place.</param>
    /// <param name="decay">L2 decay: decay · parameter is added to the gradient.</param>
    /// <param name="follower">A slow copy that moves towards the new parameters: follower += smoothing · (parameter - follower).</param>
    /// <param name="smoothing">How far it moves, from 0 to 1.</param>
    /// <param name="kept">Decoupled decay: what parameters are multiplied with before the step.</param>
    public void Run(
        Span<float> parameters, ReadOnlySpan<float> gradient, Span<float> first, Span<float> second,
        float decay = 0, Span<float> follower = default, float smoothing = 0, float kept = 1)
    {
        var follows = !follower.IsEmpty;
        // The slices say at once that a span is too short.
        gradient = gradient[..parameters.Length];
        first = first[..parameters.Length];
        second = second[..parameters.Length];
        if (follows) follower = follower[..parameters.Length];
        var (beta1, beta2, rest1, rest2) = ((float)Beta1, (float)Beta2, (float)(1 - Beta1), (float)(1 - Beta2));
        var (rate, rootCorrection, epsilon) = ((float)Rate, (float)RootCorrection, (float)Epsilon);

        var (negligible, epsilons) = (new Vector<float>(Negligible), new Vector<float>(epsilon));
        var gradients = gradient.Vectors();
        var p = parameters.Vectors();
        var m = first.Vectors();
        var v = second.Vectors();
        var f = follower.Vectors();
        for (var index = 0; index < p.Length; index++)
        {
            var own = p[index] * kept;
            var g = gradients[index] + (own * decay);
            var newFirst = (m[index] * beta1) + (g * rest1);
            newFirst = Vector.ConditionalSelect(Vector.LessThan(Vector.Abs(newFirst), negligible), Vector<float>.Zero, newFirst);
            var newSecond = (v[index] * beta2) + (g * g * rest2);
            newSecond = Vector.ConditionalSelect(Vector.LessThan(newSecond, negligible), Vector<float>.Zero, newSecond);
            var moved = own - (newFirst * rate / ((Vector.SquareRoot(newSecond) * rootCorrection) + epsilons));
            (m[index], v[index], p[index]) = (newFirst, newSecond, moved);
            if (follows) f[index] += (moved - f[index]) * smoothing;
        }
        for (var index = p.Length * Vector<float>.Count; index < parameters.Length; index++)
        {
            var own = parameters[index] * kept;
            var g = gradient[index] + (own * decay);
            var newFirst = (first[index] * beta1) + (g * rest1);
            var newSecond = (second[index] * beta2) + (g * g * rest2);
            first[index] = Math.Abs(newFirst) < Negligible ? 0 : newFirst;
            second[index] = newSecond < Negligible ? 0 : newSecond;
            parameters[index] = own - (first[index] * rate / ((MathF.Sqrt(second[index]) * rootCorrection) + epsilon));
            if (follows) follower[index] += (parameters[index] - follower[index]) * smoothing;
        }
    }
}
