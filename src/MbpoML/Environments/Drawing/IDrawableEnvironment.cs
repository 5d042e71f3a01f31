using MbpoML.Environments.Wrappers;

namespace MbpoML.Environments.Drawing;

/// <summary>An environment that can draw itself, so that <see cref="EnvironmentExtensions.WithPixels"/> makes it one that is observed as a picture.</summary>
/// <example><code>
/// public void Draw(Canvas canvas)
/// {
///     canvas.SetView(0, 0, 4, 4);
///     canvas.DrawDisc(_x, _y, 0.5, Ink.Black);
/// }
/// </code></example>
public interface IDrawableEnvironment : IEnvironment
{
    /// <summary>
    /// Draws the environment as it is now. Everything that is drawn follows from the state alone: the same state gives the same picture, bit for bit.
    /// </summary>
    /// <param name="canvas">A canvas that is white all over; lent for this call.</param>
    void Draw(Canvas canvas);
}
