using System.Runtime.CompilerServices;
using MbpoML.Environments.Drawing;

namespace MbpoML.Environments.Wrappers;

/// <summary>Wraps environments, innermost first: <c>new MyEnvironment().WithTimeLimit(200).WithRescaledActions()</c>.</summary>
public static class EnvironmentExtensions
{
    /// <summary>Truncates each episode after <paramref name="maxSteps"/> steps.</summary>
    /// <param name="environment">The environment to wrap; the wrapper disposes it.</param>
    /// <param name="maxSteps">The length of an episode in steps, at least 1.</param>
    /// <returns>A wrapper that owns <paramref name="environment"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The limit is below 1.</exception>
    public static TimeLimitEnvironment WithTimeLimit(this IEnvironment environment, int maxSteps) => new(NotNull(environment), maxSteps);

    /// <summary>Lets every action be given in [-1, 1].</summary>
    /// <param name="environment">The environment to wrap, whose actions have finite bounds; the wrapper disposes it.</param>
    /// <returns>A wrapper that owns <paramref name="environment"/>.</returns>
    public static RescaledActionEnvironment WithRescaledActions(this IEnvironment environment) => new(NotNull(environment));

    /// <summary>
    /// Lets a policy of continuous actions choose among n actions, 0 to n - 1: it gives one number in [-1, 1] for each, and the largest is taken.
    /// </summary>
    /// <param name="environment">An environment that takes the index of a choice, with the action space <c>BoxSpace.Uniform(1, 0, n - 1)</c>; or several, one a
    /// dimension.</param>
    /// <param name="choices">How many choices each dimension of its actions has, such as <c>WithDiscreteActions(4)</c>, or <c>WithDiscreteActions(3, 2)</c> for
    /// a valve of three positions and a pump.</param>
    /// <returns>A wrapper that owns <paramref name="environment"/>.</returns>
    /// <exception cref="ArgumentException">The numbers do not fit the environment's action space.</exception>
    public static DiscreteActionEnvironment WithDiscreteActions(this IEnvironment environment, params int[] choices) => new(NotNull(environment), choices);

    /// <summary>Observes the environment as a picture of it, without a display: 32 rows of 32 pixels in gray by <c>WithPixels(32, 32)</c>.</summary>
    /// <param name="environment">A task that draws itself (<see cref="IDrawableEnvironment"/>), as all that come along do, wrapped or not.</param>
    /// <param name="height">Rows of pixels, at least 1.</param>
    /// <param name="width">Pixels a row, at least 1.</param>
    /// <param name="gray">Whether a pixel has one value, its brightness, instead of red, green and blue.</param>
    /// <returns>A wrapper that owns <paramref name="environment"/>.</returns>
    /// <exception cref="ArgumentException">The environment cannot draw itself, or has no spaces.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1, or the picture has more than <see cref="FrameShape.MostValues"/> values.</exception>
    public static PixelEnvironment WithPixels(this IEnvironment environment, int height, int width, bool gray = true) =>
        new(NotNull(environment), height, width, gray);

    /// <summary>Takes each action several times in a row and adds up the rewards. Before <c>WithPixels</c> it spares drawing what is not seen.</summary>
    /// <param name="environment">The environment to wrap; the wrapper disposes it.</param>
    /// <param name="repeats">Steps of the environment for each action, at least 1.</param>
    /// <returns>A wrapper that owns <paramref name="environment"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer than 1.</exception>
    public static ActionRepeatEnvironment WithActionRepeat(this IEnvironment environment, int repeats) => new(NotNull(environment), repeats);

    /// <summary>Gives up on a reset or a step that does not come back in time.</summary>
    /// <param name="environment">The environment to wrap; it is used on one other thread only.</param>
    /// <param name="timeout">The longest that a call may take, above zero and at most 24 days.</param>
    /// <returns>A wrapper that owns <paramref name="environment"/>.</returns>
    public static WatchedEnvironment WithStepTimeout(this IEnvironment environment, TimeSpan timeout) => new(NotNull(environment), timeout);

    /// <summary>
    /// Checks every call, and compares the environment's termination and reward functions with each step; an environment that is checked so already is returned
    /// as it is.
    /// </summary>
    /// <param name="environment">The environment to check; the wrapper disposes it.</param>
    /// <returns>A wrapper that owns <paramref name="environment"/>.</returns>
    public static CheckedEnvironment WithChecks(this IEnvironment environment) =>
        environment as CheckedEnvironment ?? new CheckedEnvironment(NotNull(environment));

    /// <summary>
    /// Checks every call, as the library does with an environment that nobody wrapped. Its functions are compared with the steps only where the user asked for
    /// it.
    /// </summary>
    internal static CheckedEnvironment Guarded(this IEnvironment environment) =>
        environment as CheckedEnvironment ?? new CheckedEnvironment(NotNull(environment), comparesFunctions: false);

    /// <summary>The environment as one whose state can be read and set.</summary>
    /// <param name="environment">The environment to look at, wrapped or not; it stays the caller's.</param>
    /// <returns>Null where it, or the one that it wraps, cannot give its state.</returns>
    public static IStatefulEnvironment? AsStateful(this IEnvironment environment) =>
        NotNull(environment) is EnvironmentWrapper wrapper && wrapper.Inner.AsStateful() is null ? null : environment as IStatefulEnvironment;

    /// <summary>The sizes of the picture that the environment is observed as.</summary>
    /// <param name="environment">An <see cref="IPixelEnvironment"/>, wrapped or not.</param>
    /// <returns>Null where neither it nor one that it wraps is observed as a picture, or a wrapper observes something else.</returns>
    public static FrameShape? FindFrameShape(this IEnvironment environment)
    {
        for (var current = NotNull(environment); ; current = ((EnvironmentWrapper)current).Inner)
        {
            if (current is IPixelEnvironment pixels)
                return environment.ObservationSpace?.Size == pixels.FrameShape.Size ? pixels.FrameShape : null;
            if (current is not EnvironmentWrapper) return null;
        }
    }

    /// <summary>Checks that an environment is there and has its two spaces, and that each action can be chosen.</summary>
    /// <exception cref="ArgumentException">It is null, a space is, or an action has two equal bounds.</exception>
    internal static void RequireSpaces(this IEnvironment environment, [CallerArgumentExpression(nameof(environment))] string? name = null)
    {
        ArgumentNullException.ThrowIfNull(environment, name);
        var missing = environment.ObservationSpace is null ? nameof(IEnvironment.ObservationSpace) : environment.ActionSpace is null
            ? nameof(IEnvironment.ActionSpace) : null;
        if (missing is not null)
            throw new ArgumentException(
                $"{environment.GetType().Name}.{missing} is null, but must be a {nameof(BoxSpace)} that stays the same for the environment's life.", name);
        if (environment.ActionSpace!.FindConstant() is >= 0 and var constant)
            throw new ArgumentException(
                Invariant($"Dimension {constant} of {environment.GetType().Name}.ActionSpace has the bounds {environment.ActionSpace.Describe(constant)}: ") +
                    "its value is no choice. Leave that action out, and have the environment use the value by itself.",
                name);
    }

    private static IEnvironment NotNull(IEnvironment environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        return environment;
    }
}
